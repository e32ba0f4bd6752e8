"""The types of the mail workload."""

import graphwright_sandbox.graph.outlook_types  # noqa: F401 - declares what is referred to
from graphwright_sandbox.graph.edm import SCHEMA

SCHEMA.declare(
    """
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
entity mailFolder : entity
  childFolderCount Int32!
  displayName String
  isHidden Boolean!
  parentFolderId String!
  totalItemCount Int32!
  unreadItemCount Int32!
  -> childFolders [mailFolder]
  -> messages [message]
"""
)

MESSAGE = SCHEMA.structured["message"]
MAIL_FOLDER = SCHEMA.structured["mailFolder"]
ATTACHMENT = SCHEMA.structured["fileAttachment"]
