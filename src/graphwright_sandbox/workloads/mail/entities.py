"""The types of the mail workload."""

import graphwright_sandbox.graph.directory_types
import graphwright_sandbox.graph.outlook_types  # noqa: F401 - declares what is referred to
from graphwright_sandbox.graph.edm import SCHEMA

SCHEMA.declare(
    """
enum meetingMessageType: none meetingRequest meetingCancelled meetingAccepted \
meetingTenativelyAccepted meetingDeclined
enum meetingRequestType: none newMeetingRequest fullUpdate informationalUpdate silentUpdate \
outdated principalWantsCopy
enum messageActionFlag: any call doNotForward followUp fyi forward noResponseNecessary read reply \
replyToAll review
enum categoryColor: none preset0 preset1 preset2 preset3 preset4 preset5 preset6 preset7 preset8 \
preset9 preset10 preset11 preset12 preset13 preset14 preset15 preset16 preset17 preset18 preset19 \
preset20 preset21 preset22 preset23 preset24
enum recipientScopeType: none internal external externalPartner externalNonPartner
entity message : outlookItem open
  bccRecipients [recipient]
  body itemBody
  bodyPreview String!
  ccRecipients [recipient]
  conversationId String!
  conversationIndex Binary!
  flag followupFlag
  from recipient
  hasAttachments Boolean!
  importance importance
  inferenceClassification inferenceClassificationType
  internetMessageHeaders [internetMessageHeader]
  internetMessageId String
  isDeliveryReceiptRequested Boolean
  isDraft Boolean!
  isRead Boolean
  isReadReceiptRequested Boolean
  parentFolderId String!
  receivedDateTime DateTimeOffset!
  replyTo [recipient]
  sender recipient
  sentDateTime DateTimeOffset!
  subject String
  toRecipients [recipient]
  uniqueBody itemBody!
  webLink String!
  -> attachments [attachment]
  -> extensions [extension]
  -> singleValueExtendedProperties [singleValueLegacyExtendedProperty]
entity eventMessage : message
  endDateTime dateTimeTimeZone!
  isAllDay Boolean!
  isDelegated Boolean!
  isOutOfDate Boolean!
  location location!
  meetingMessageType meetingMessageType!
  recurrence patternedRecurrence!
  startDateTime dateTimeTimeZone!
  type eventType!
  -> event event
entity eventMessageRequest : eventMessage
  allowNewTimeProposals Boolean!
  meetingRequestType meetingRequestType!
  previousEndDateTime dateTimeTimeZone!
  previousLocation location!
  previousStartDateTime dateTimeTimeZone!
  responseRequested Boolean!
entity eventMessageResponse : eventMessage
  proposedNewTime timeSlot!
  responseType responseType!
entity mailFolder : entity
  childFolderCount Int32!
  displayName String
  isHidden Boolean
  parentFolderId String!
  totalItemCount Int32!
  unreadItemCount Int32!
  -> childFolders [mailFolder]
  -> messageRules [messageRule]
  -> messages [message]
complex sizeRange
  maximumSize Int32
  minimumSize Int32
complex messageRuleActions
  assignCategories [String]
  copyToFolder String
  delete Boolean
  forwardAsAttachmentTo [recipient]
  forwardTo [recipient]
  markAsRead Boolean
  markImportance importance
  moveToFolder String
  permanentDelete Boolean
  redirectTo [recipient]
  stopProcessingRules Boolean
complex messageRulePredicates
  bodyContains [String]
  bodyOrSubjectContains [String]
  categories [String]
  fromAddresses [recipient]
  hasAttachments Boolean
  headerContains [String]
  importance importance
  isApprovalRequest Boolean
  isAutomaticForward Boolean
  isAutomaticReply Boolean
  isEncrypted Boolean
  isMeetingRequest Boolean
  isMeetingResponse Boolean
  isNonDeliveryReport Boolean
  isPermissionControlled Boolean
  isReadReceipt Boolean
  isSigned Boolean
  isVoicemail Boolean
  messageActionFlag messageActionFlag
  notSentToMe Boolean
  recipientContains [String]
  senderContains [String]
  sensitivity sensitivity
  sentCcMe Boolean
  sentOnlyToMe Boolean
  sentToAddresses [recipient]
  sentToMe Boolean
  sentToOrCcMe Boolean
  subjectContains [String]
  withinSizeRange sizeRange
entity messageRule : entity
  actions messageRuleActions
  conditions messageRulePredicates
  displayName String
  exceptions messageRulePredicates
  hasError Boolean!
  isEnabled Boolean
  isReadOnly Boolean
  sequence Int32
entity outlookCategory : entity
  color categoryColor
  displayName String
entity inferenceClassificationOverride : entity
  classifyAs inferenceClassificationType
  senderEmailAddress emailAddress
complex automaticRepliesMailTips
  message String
  messageLanguage localeInfo
  scheduledEndTime dateTimeTimeZone
  scheduledStartTime dateTimeTimeZone
complex mailTipsError
  code String
  message String
complex mailTips
  automaticReplies automaticRepliesMailTips
  customMailTip String
  deliveryRestricted Boolean
  emailAddress emailAddress
  error mailTipsError
  externalMemberCount Int32
  isModerated Boolean
  mailboxFull Boolean
  maxMessageSize Int32
  recipientScope recipientScopeType
  recipientSuggestions [recipient]
  totalMemberCount Int32
"""
)

MESSAGE = SCHEMA.structured["message"]
MAIL_FOLDER = SCHEMA.structured["mailFolder"]
