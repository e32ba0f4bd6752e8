"""Types that calendar and mail share: people, bodies, places, points in time.

Declared once here because no workload may import another.
"""

from graphwright_sandbox.graph.edm import SCHEMA

SCHEMA.declare(
    """
enum dayOfWeek: sunday monday tuesday wednesday thursday friday saturday
enum bodyType: text html
enum importance: low normal high
enum sensitivity: normal personal private confidential
enum inferenceClassificationType: focused other
enum followupFlagStatus: notFlagged complete flagged
enum freeBusyStatus: unknown free tentative busy oof workingElsewhere
enum attendeeType: required optional resource
enum responseType: none organizer tentativelyAccepted accepted declined notResponded
enum locationType: default conferenceRoom homeAddress businessAddress geoCoordinates streetAddress \
hotel restaurant localBusiness postalAddress
enum locationUniqueIdType: unknown locationStore directory private bing
enum phoneType: home business mobile other assistant homeFax businessFax otherFax pager radio
enum recurrencePatternType: daily weekly absoluteMonthly relativeMonthly absoluteYearly \
relativeYearly
enum recurrenceRangeType: endDate noEnd numbered
enum weekIndex: first second third fourth last
complex dateTimeTimeZone
  dateTime String*
  timeZone String
complex timeSlot
  start dateTimeTimeZone*
  end dateTimeTimeZone*
complex recurrencePattern
  dayOfMonth Int32*
  daysOfWeek [dayOfWeek]
  firstDayOfWeek dayOfWeek
  index weekIndex
  interval Int32*
  month Int32*
  type recurrencePatternType
complex recurrenceRange
  endDate Date
  numberOfOccurrences Int32*
  recurrenceTimeZone String
  startDate Date
  type recurrenceRangeType
complex patternedRecurrence
  pattern recurrencePattern
  range recurrenceRange
complex itemBody
  content String
  contentType bodyType
complex emailAddress
  address String
  name String
complex recipient
  emailAddress emailAddress
complex responseStatus
  response responseType
  time DateTimeOffset
complex attendeeBase : recipient
  type attendeeType
complex attendee : attendeeBase
  proposedNewTime timeSlot
  status responseStatus
complex physicalAddress
  city String
  countryOrRegion String
  postalCode String
  state String
  street String
complex outlookGeoCoordinates
  accuracy Double
  altitude Double
  altitudeAccuracy Double
  latitude Double
  longitude Double
complex location
  address physicalAddress
  coordinates outlookGeoCoordinates
  displayName String
  locationEmailAddress String
  locationType locationType
  locationUri String
  uniqueId String
  uniqueIdType locationUniqueIdType
complex followupFlag
  completedDateTime dateTimeTimeZone
  dueDateTime dateTimeTimeZone
  flagStatus followupFlagStatus
  startDateTime dateTimeTimeZone
complex internetMessageHeader
  name String
  value String
complex phone
  language String
  number String
  region String
  type phoneType
entity outlookItem : entity
  categories [String]
  changeKey String!
  createdDateTime DateTimeOffset!
  lastModifiedDateTime DateTimeOffset!
entity attachment : entity
  contentType String
  isInline Boolean*
  lastModifiedDateTime DateTimeOffset!
  name String
  size Int32*!
entity fileAttachment : attachment
  contentBytes Binary
  contentId String
  contentLocation String
entity itemAttachment : attachment
  -> item outlookItem
entity referenceAttachment : attachment
entity extension : entity
entity openTypeExtension : extension open
  extensionName String*
enum attachmentType: file item reference
complex attachmentItem
  attachmentType attachmentType
  contentId String
  contentType String
  isInline Boolean
  name String
  size Int64
enum eventType: singleInstance occurrence exception seriesMaster
"""
)
