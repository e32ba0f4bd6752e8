"""The types of the Teams workload."""

import graphwright_sandbox.graph.identity_types
import graphwright_sandbox.graph.outlook_types  # noqa: F401 - declare what is referred to
from graphwright_sandbox.graph.edm import SCHEMA

SCHEMA.declare(
    """
enum giphyRatingType: strict moderate unknownFutureValue
enum teamVisibilityType: private public hiddenMembership unknownFutureValue
enum teamSpecialization: none educationStandard educationClass \
educationProfessionalLearningCommunity educationStaff healthcareStandard \
healthcareCareCoordination unknownFutureValue
enum channelMembershipType: standard private unknownFutureValue shared
enum channelLayoutType: post chat unknownFutureValue
enum migrationMode: inProgress completed unknownFutureValue
enum teamsAsyncOperationType: invalid cloneTeam archiveTeam unarchiveTeam createTeam \
unknownFutureValue teamifyGroup createChannel archiveChannel unarchiveChannel
enum teamsAsyncOperationStatus: invalid notStarted inProgress succeeded failed unknownFutureValue
enum teamsAppResourceSpecificPermissionType: delegated application unknownFutureValue
enum teamsAppDistributionMethod: store organization sideloaded unknownFutureValue
enum teamsAppPublishingState: submitted rejected published unknownFutureValue
complex teamFunSettings
  allowCustomMemes Boolean
  allowGiphy Boolean
  allowStickersAndMemes Boolean
  giphyContentRating giphyRatingType
complex teamGuestSettings
  allowCreateUpdateChannels Boolean
  allowDeleteChannels Boolean
complex teamMemberSettings
  allowAddRemoveApps Boolean
  allowCreatePrivateChannels Boolean
  allowCreateUpdateChannels Boolean
  allowCreateUpdateRemoveConnectors Boolean
  allowCreateUpdateRemoveTabs Boolean
  allowDeleteChannels Boolean
complex teamMessagingSettings
  allowChannelMentions Boolean
  allowOwnerDeleteMessages Boolean
  allowTeamMentions Boolean
  allowUserDeleteMessages Boolean
  allowUserEditMessages Boolean
complex teamSummary
  guestsCount Int32
  membersCount Int32
  ownersCount Int32
complex channelSummary
  guestsCount Int32
  hasMembersFromOtherTenants Boolean
  membersCount Int32
  ownersCount Int32
complex operationError
  code String
  message String
complex teamsTabConfiguration open
  contentUrl String
  entityId String
  removeUrl String
  websiteUrl String
entity teamsAsyncOperation : entity open
  attemptsCount Int32*
  createdDateTime DateTimeOffset*
  error operationError
  lastActionDateTime DateTimeOffset*
  operationType teamsAsyncOperationType*
  status teamsAsyncOperationStatus*
  targetResourceId String
  targetResourceLocation String
entity conversationMember : entity
  displayName String!
  roles [String]
  visibleHistoryStartDateTime DateTimeOffset
entity aadUserConversationMember : conversationMember
  email String!
  tenantId String
  userId String
complex teamsAppResourceSpecificPermission
  permissionType teamsAppResourceSpecificPermissionType
  permissionValue String
complex teamsAppPermissionSet
  resourceSpecificPermissions [teamsAppResourceSpecificPermission]
complex teamsAppAuthorization
  clientAppId String
  requiredPermissionSet teamsAppPermissionSet
entity teamsAppDefinition : entity
  authorization teamsAppAuthorization
  createdBy identitySet
  description String
  displayName String
  lastModifiedDateTime DateTimeOffset
  publishingState teamsAppPublishingState
  shortDescription String
  teamsAppId String
  version String
entity teamsApp : entity
  displayName String
  distributionMethod teamsAppDistributionMethod
  externalId String
  -> appDefinitions [teamsAppDefinition]
entity teamsAppInstallation : entity
  consentedPermissionSet teamsAppPermissionSet
  -> teamsApp teamsApp+
  -> teamsAppDefinition teamsAppDefinition+
entity teamsTab : entity
  configuration teamsTabConfiguration
  displayName String
  webUrl String
  -> teamsApp teamsApp+
entity channel : entity
  createdDateTime DateTimeOffset!
  description String
  displayName String*
  email String!
  isArchived Boolean!
  isFavoriteByDefault Boolean
  layoutType channelLayoutType
  membershipType channelMembershipType
  migrationMode migrationMode!
  originalCreatedDateTime DateTimeOffset!
  summary channelSummary!
  tenantId String!
  webUrl String!
  -> members [conversationMember]
  -> tabs [teamsTab]
entity team : entity open
  classification String
  createdDateTime DateTimeOffset
  description String
  displayName String
  firstChannelName String
  funSettings teamFunSettings
  guestSettings teamGuestSettings
  internalId String!
  isArchived Boolean!
  memberSettings teamMemberSettings
  messagingSettings teamMessagingSettings
  specialization teamSpecialization
  summary teamSummary!
  tenantId String!
  visibility teamVisibilityType
  webUrl String!
  -> channels [channel]
  -> installedApps [teamsAppInstallation]
  -> members [conversationMember]
  -> operations [teamsAsyncOperation]
  -> primaryChannel channel
"""
)

TEAM = SCHEMA.structured["team"]
CHANNEL = SCHEMA.structured["channel"]
MEMBER = SCHEMA.structured["aadUserConversationMember"]
OPERATION = SCHEMA.structured["teamsAsyncOperation"]
TAB = SCHEMA.structured["teamsTab"]
APP = SCHEMA.structured["teamsApp"]
APP_DEFINITION = SCHEMA.structured["teamsAppDefinition"]
APP_INSTALLATION = SCHEMA.structured["teamsAppInstallation"]
