"""The types of messages, chats and presence."""

import graphwright_sandbox.workloads.teams.entities  # noqa: F401 - declares what is referred to
from graphwright_sandbox.graph.edm import SCHEMA

SCHEMA.declare(
    """
enum chatType: oneOnOne group meeting unknownFutureValue
enum chatMessageType: message chatEvent typing unknownFutureValue systemEventMessage
enum chatMessageImportance: normal high urgent unknownFutureValue
enum chatMessageActions: reactionAdded reactionRemoved actionUndefined unknownFutureValue
enum teamworkUserIdentityType: aadUser onPremiseAadUser anonymousGuest federatedUser \
personalMicrosoftAccountUser skypeUser phoneUser unknownFutureValue emailUser
enum teamworkConversationIdentityType: team channel chat unknownFutureValue
enum chatMessagePolicyViolationDlpActionTypes: none notifySender blockAccess blockAccessExternal
enum chatMessagePolicyViolationUserActionTypes: none override reportFalsePositive
enum chatMessagePolicyViolationVerdictDetailsTypes: none allowFalsePositiveOverride \
allowOverrideWithoutJustification allowOverrideWithJustification
enum workLocationType: unspecified office remote timeOff unknownFutureValue
enum workLocationSource: none manual scheduled automatic unknownFutureValue
complex teamworkUserIdentity : identity open
  userIdentityType teamworkUserIdentityType
complex teamworkConversationIdentity : identity open
  conversationIdentityType teamworkConversationIdentityType
complex chatMessageAttachment
  content String
  contentType String
  contentUrl String
  id String
  name String
  teamsAppId String
  thumbnailUrl String
complex chatMessageMentionedIdentitySet : identitySet open
  conversation teamworkConversationIdentity
complex chatMessageMention
  id Int32
  mentioned chatMessageMentionedIdentitySet
  mentionText String
complex chatMessageFromIdentitySet : identitySet open
complex chatMessageReactionIdentitySet : identitySet open
complex chatMessageReaction
  createdDateTime DateTimeOffset*
  displayName String
  reactionContentUrl String
  reactionType String*
  user chatMessageReactionIdentitySet*
complex chatMessageHistoryItem
  actions chatMessageActions*
  modifiedDateTime DateTimeOffset*
  reaction chatMessageReaction
complex chatMessagePolicyViolationPolicyTip
  complianceUrl String
  generalText String
  matchedConditionDescriptions [String]
complex chatMessagePolicyViolation
  dlpAction chatMessagePolicyViolationDlpActionTypes
  justificationText String
  policyTip chatMessagePolicyViolationPolicyTip
  userAction chatMessagePolicyViolationUserActionTypes
  verdictDetails chatMessagePolicyViolationVerdictDetailsTypes
complex channelIdentity
  channelId String
  teamId String
complex eventMessageDetail
complex chatViewpoint
  isHidden Boolean
  lastMessageReadDateTime DateTimeOffset
complex teamworkOnlineMeetingInfo
  calendarEventId String
  joinWebUrl String
  organizer teamworkUserIdentity
complex outOfOfficeSettings
  isOutOfOffice Boolean
  message String
complex presenceStatusMessage
  expiryDateTime dateTimeTimeZone
  message itemBody
  publishedDateTime DateTimeOffset!
complex userWorkLocation
  placeId String
  source workLocationSource*
  workLocationType workLocationType*
entity teamworkHostedContent : entity
  contentBytes Binary
  contentType String
entity chatMessageHostedContent : teamworkHostedContent
entity chatMessage : entity
  attachments [chatMessageAttachment]
  body itemBody*
  channelIdentity channelIdentity!
  chatId String!
  createdDateTime DateTimeOffset!
  deletedDateTime DateTimeOffset!
  etag String!
  eventDetail eventMessageDetail!
  from chatMessageFromIdentitySet!
  importance chatMessageImportance*
  lastEditedDateTime DateTimeOffset!
  lastModifiedDateTime DateTimeOffset!
  locale String*
  mentions [chatMessageMention]
  messageHistory [chatMessageHistoryItem]!
  messageType chatMessageType*!
  policyViolation chatMessagePolicyViolation
  reactions [chatMessageReaction]!
  replyToId String!
  subject String
  summary String
  webUrl String!
  -> hostedContents [chatMessageHostedContent]
  -> replies [chatMessage]
entity chatMessageInfo : entity
  body itemBody
  createdDateTime DateTimeOffset
  eventDetail eventMessageDetail
  from chatMessageFromIdentitySet
  isDeleted Boolean
  messageType chatMessageType*
entity pinnedChatMessageInfo : entity
  -> message chatMessage
entity chat : entity
  chatType chatType*
  createdDateTime DateTimeOffset!
  isHiddenForAllMembers Boolean!
  lastUpdatedDateTime DateTimeOffset!
  migrationMode migrationMode!
  onlineMeetingInfo teamworkOnlineMeetingInfo!
  originalCreatedDateTime DateTimeOffset!
  tenantId String!
  topic String
  viewpoint chatViewpoint!
  webUrl String!
  -> installedApps [teamsAppInstallation]
  -> lastMessagePreview chatMessageInfo+
  -> members [conversationMember]+
  -> messages [chatMessage]
  -> pinnedMessages [pinnedChatMessageInfo]
  -> tabs [teamsTab]
entity presence : entity
  activity String
  availability String
  outOfOfficeSettings outOfOfficeSettings
  sequenceNumber String
  statusMessage presenceStatusMessage
  workLocation userWorkLocation
"""
)

MESSAGE = SCHEMA.structured["chatMessage"]
MESSAGE_INFO = SCHEMA.structured["chatMessageInfo"]
HOSTED_CONTENT = SCHEMA.structured["chatMessageHostedContent"]
PINNED_MESSAGE = SCHEMA.structured["pinnedChatMessageInfo"]
CHAT = SCHEMA.structured["chat"]
PRESENCE = SCHEMA.structured["presence"]
