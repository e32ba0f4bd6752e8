"""The types of the To Do workload."""

import graphwright_sandbox.graph.outlook_types  # noqa: F401 - declares what is referred to
from graphwright_sandbox.graph.edm import SCHEMA

SCHEMA.declare(
    """
enum wellknownListName: none defaultList flaggedEmails unknownFutureValue
enum taskStatus: notStarted inProgress completed waitingOnOthers deferred
entity checklistItem : entity
  checkedDateTime DateTimeOffset!
  createdDateTime DateTimeOffset*!
  displayName String
  isChecked Boolean
entity linkedResource : entity
  applicationName String
  displayName String
  externalId String
  webUrl String
entity attachmentBase : entity
  contentType String
  lastModifiedDateTime DateTimeOffset!
  name String
  size Int32*!
entity taskFileAttachment : attachmentBase
  contentBytes Binary*
entity todoTask : entity
  body itemBody
  bodyLastModifiedDateTime DateTimeOffset*!
  categories [String]
  completedDateTime dateTimeTimeZone
  createdDateTime DateTimeOffset*!
  dueDateTime dateTimeTimeZone
  hasAttachments Boolean!
  importance importance*
  isReminderOn Boolean*
  lastModifiedDateTime DateTimeOffset*!
  recurrence patternedRecurrence
  reminderDateTime dateTimeTimeZone
  startDateTime dateTimeTimeZone
  status taskStatus*
  title String
  -> attachments [attachmentBase]
  -> checklistItems [checklistItem]
  -> linkedResources [linkedResource]
entity todoTaskList : entity
  displayName String
  isOwner Boolean*!
  isShared Boolean*!
  wellknownListName wellknownListName*!
  -> tasks [todoTask]
"""
)

TASK_LIST = SCHEMA.structured["todoTaskList"]
TASK = SCHEMA.structured["todoTask"]
CHECKLIST_ITEM = SCHEMA.structured["checklistItem"]
LINKED_RESOURCE = SCHEMA.structured["linkedResource"]
FILE_ATTACHMENT = SCHEMA.structured["taskFileAttachment"]
