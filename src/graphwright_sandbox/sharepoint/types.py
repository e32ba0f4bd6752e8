"""The types of files, sites and lists, as Graph's CSDL has them."""

import graphwright_sandbox.graph.identity_types  # noqa: F401 - declares what is referred to
from graphwright_sandbox.graph.edm import SCHEMA

SCHEMA.declare(
    """
complex sharePointIdentity : identity open
  loginName String
complex sharePointIdentitySet : identitySet open
  group identity
  siteUser sharePointIdentity
complex sharepointIds
  listId String
  listItemId String
  listItemUniqueId String
  siteId String
  siteUrl String
  tenantId String
  webId String
complex itemReference
  driveId String
  driveType String
  id String
  name String
  path String
  shareId String
  sharepointIds sharepointIds
  siteId String
entity baseItem : entity
  createdBy identitySet!
  createdDateTime DateTimeOffset*!
  description String
  eTag String!
  lastModifiedBy identitySet!
  lastModifiedDateTime DateTimeOffset*!
  name String
  parentReference itemReference
  webUrl String!
complex audio
  album String
  albumArtist String
  artist String
  bitrate Int64
  composers String
  copyright String
  disc Int16
  discCount Int16
  duration Int64
  genre String
  hasDrm Boolean
  isVariableBitrate Boolean
  title String
  track Int32
  trackCount Int32
  year Int32
complex album
  coverImageItemId String
complex bundle
  album album
  childCount Int32
complex geoCoordinates
  altitude Double
  latitude Double
  longitude Double
complex malware
  description String
complex package
  type String
complex photo
  cameraMake String
  cameraModel String
  exposureDenominator Double
  exposureNumerator Double
  fNumber Double
  focalLength Double
  iso Int32
  orientation Int16
  takenDateTime DateTimeOffset
complex publicationFacet
  checkedOutBy identitySet
  level String
  versionId String
complex video
  audioBitsPerSample Int32
  audioChannels Int32
  audioFormat String
  audioSamplesPerSecond Int32
  bitrate Int32
  duration Int64
  fourCC String
  frameRate Double
  height Int32
  width Int32
complex folderView
  sortBy String
  sortOrder String
  viewType String
complex storagePlanInformation
  upgradeAvailable Boolean
complex quota
  deleted Int64
  remaining Int64
  state String
  storagePlanInformation storagePlanInformation
  total Int64
  used Int64
entity drive : baseItem
  driveType String!
  owner identitySet!
  quota quota!
  sharePointIds sharepointIds!
  -> items [driveItem]
  -> list list
  -> root driveItem
complex hashes
  crc32Hash String
  quickXorHash String
  sha1Hash String
  sha256Hash String
complex file
  hashes hashes
  mimeType String
  processingMetadata Boolean
complex folder
  childCount Int32
  view folderView
complex fileSystemInfo
  createdDateTime DateTimeOffset
  lastAccessedDateTime DateTimeOffset
  lastModifiedDateTime DateTimeOffset
complex root
complex deleted
  state String
complex image
  height Int32
  width Int32
complex specialFolder
  name String
complex searchResult
  onClickTelemetryUrl String
complex shared
  owner identitySet
  scope String
  sharedBy identitySet
  sharedDateTime DateTimeOffset
complex remoteItem
  createdBy identitySet
  createdDateTime DateTimeOffset
  file file
  fileSystemInfo fileSystemInfo
  folder folder
  id String
  lastModifiedBy identitySet
  lastModifiedDateTime DateTimeOffset
  name String
  parentReference itemReference
  shared shared
  size Int64
  webUrl String
entity driveItem : baseItem open
  audio audio!
  bundle bundle!
  content Stream!
  cTag String!
  deleted deleted!
  file file
  fileSystemInfo fileSystemInfo
  folder folder
  image image!
  location geoCoordinates!
  malware malware!
  package package!
  photo photo!
  publication publicationFacet!
  remoteItem remoteItem!
  root root!
  searchResult searchResult!
  shared shared!
  sharepointIds sharepointIds!
  size Int64!
  specialFolder specialFolder!
  video video!
  webDavUrl String!
  -> children [driveItem]
  -> listItem listItem
  -> permissions [permission]
  -> thumbnails [thumbnailSet]
  -> versions [driveItemVersion]
complex sharingLink
  application identity
  preventsDownload Boolean
  scope String
  type String
  webHtml String
  webUrl String
complex sharingInvitation
  email String
  invitedBy identitySet
  redeemedBy String
  signInRequired Boolean
entity permission : entity
  expirationDateTime DateTimeOffset
  grantedTo identitySet!
  grantedToIdentities [identitySet]
  grantedToIdentitiesV2 [sharePointIdentitySet]
  grantedToV2 sharePointIdentitySet!
  hasPassword Boolean!
  inheritedFrom itemReference!
  invitation sharingInvitation!
  link sharingLink!
  roles [String]
  shareId String!
entity baseItemVersion : entity
  lastModifiedBy identitySet!
  lastModifiedDateTime DateTimeOffset!
  publication publicationFacet
entity driveItemVersion : baseItemVersion
  content Stream!
  size Int64!
complex thumbnail
  content Stream
  height Int32
  sourceItemId String
  url String
  width Int32
entity thumbnailSet : entity open
  large thumbnail
  medium thumbnail
  small thumbnail
  source thumbnail
entity sharedDriveItem : baseItem
  owner identitySet!
  -> driveItem driveItem
  -> items [driveItem]
  -> root driveItem
  -> site site
complex siteCollection
  dataLocationCode String
  hostname String
  root root
entity site : baseItem
  displayName String
  isPersonalSite Boolean!
  root root!
  sharepointIds sharepointIds!
  siteCollection siteCollection!
  -> columns [columnDefinition]
  -> contentTypes [contentType]
  -> drive drive
  -> drives [drive]
  -> lists [list]
  -> permissions [permission]
  -> sites [site]
complex listInfo
  contentTypesEnabled Boolean
  hidden Boolean
  template String
complex systemFacet
entity list : baseItem
  displayName String
  list listInfo
  sharepointIds sharepointIds!
  system systemFacet!
  -> columns [columnDefinition]
  -> contentTypes [contentType]
  -> drive drive
  -> items [listItem]
entity fieldValueSet : entity dynamic
complex contentTypeInfo
  id String
  name String
entity listItem : baseItem
  contentType contentTypeInfo
  deleted deleted!
  sharepointIds sharepointIds!
  -> driveItem driveItem
  -> fields fieldValueSet+
  -> versions [listItemVersion]
entity listItemVersion : baseItemVersion
  -> fields fieldValueSet
enum columnTypes: note text choice multichoice number currency dateTime lookup boolean user url calculated location geolocation term multiterm thumbnail approvalStatus unknownFutureValue
complex textColumn
  allowMultipleLines Boolean
  appendChangesToExistingText Boolean
  linesForEditing Int32
  maxLength Int32
  textType String
complex numberColumn
  decimalPlaces String
  displayAs String
  maximum Double
  minimum Double
complex dateTimeColumn
  displayAs String
  format String
complex choiceColumn
  allowTextEntry Boolean
  choices [String]
  displayAs String
complex booleanColumn
complex personOrGroupColumn
  allowMultipleSelection Boolean
  chooseFromType String
  displayAs String
complex lookupColumn
  allowMultipleValues Boolean
  allowUnlimitedLength Boolean
  columnName String
  listId String
  primaryLookupColumnId String
complex hyperlinkOrPictureColumn
  isPicture Boolean
complex currencyColumn
  locale String
complex calculatedColumn
  format String
  formula String
  outputType String
complex defaultColumnValue
  formula String
  value String
entity columnDefinition : entity
  boolean booleanColumn
  calculated calculatedColumn
  choice choiceColumn
  columnGroup String
  currency currencyColumn
  dateTime dateTimeColumn
  defaultValue defaultColumnValue
  description String
  displayName String
  enforceUniqueValues Boolean
  hidden Boolean
  hyperlinkOrPicture hyperlinkOrPictureColumn
  indexed Boolean
  isDeletable Boolean!
  lookup lookupColumn
  name String
  number numberColumn
  personOrGroup personOrGroupColumn
  readOnly Boolean
  required Boolean
  text textColumn
  type columnTypes!
complex contentTypeOrder
  default Boolean
  position Int32
entity contentType : entity
  description String
  group String
  hidden Boolean
  isBuiltIn Boolean!
  name String
  order contentTypeOrder
  parentId String
  readOnly Boolean
  sealed Boolean
"""  # noqa: E501 - an enumeration is one line
)
