"""The types of the Planner workload. The open ones are maps whose keys are data (see `maps`)."""

import graphwright_sandbox.graph.identity_types  # noqa: F401 - declares what is referred to
from graphwright_sandbox.graph.edm import SCHEMA

_CATEGORIES = "\n".join(f"  category{number} String" for number in range(1, 26))

SCHEMA.declare(
    f"""
enum plannerPreviewType: automatic noPreview checklist description reference
enum plannerContainerType: group unknownFutureValue roster
complex plannerAssignments open
complex plannerAssignment
  assignedBy identitySet!
  assignedDateTime DateTimeOffset!
  orderHint String
complex plannerAppliedCategories open
complex plannerCategoryDescriptions
{_CATEGORIES}
complex plannerChecklistItems open
complex plannerChecklistItem
  isChecked Boolean
  lastModifiedBy identitySet!
  lastModifiedDateTime DateTimeOffset!
  orderHint String
  title String
complex plannerExternalReferences open
complex plannerExternalReference
  alias String
  lastModifiedBy identitySet!
  lastModifiedDateTime DateTimeOffset!
  previewPriority String
  type String
complex plannerOrderHintsByAssignee open
complex plannerPlanContainer
  containerId String
  type plannerContainerType
  url String
complex plannerUserIds open
entity plannerPlanDetails : entity
  categoryDescriptions plannerCategoryDescriptions
  sharedWith plannerUserIds
entity plannerTaskDetails : entity
  checklist plannerChecklistItems
  description String
  previewType plannerPreviewType
  references plannerExternalReferences
entity plannerAssignedToTaskBoardTaskFormat : entity
  orderHintsByAssignee plannerOrderHintsByAssignee
  unassignedOrderHint String
entity plannerBucketTaskBoardTaskFormat : entity
  orderHint String
entity plannerProgressTaskBoardTaskFormat : entity
  orderHint String
entity plannerTask : entity
  activeChecklistItemCount Int32!
  appliedCategories plannerAppliedCategories
  assigneePriority String
  assignments plannerAssignments
  bucketId String
  checklistItemCount Int32!
  completedBy identitySet!
  completedDateTime DateTimeOffset!
  conversationThreadId String
  createdBy identitySet!
  createdDateTime DateTimeOffset!
  dueDateTime DateTimeOffset
  hasDescription Boolean!
  orderHint String
  percentComplete Int32
  planId String
  previewType plannerPreviewType!
  priority Int32
  referenceCount Int32!
  startDateTime DateTimeOffset
  title String*
  -> assignedToTaskBoardFormat plannerAssignedToTaskBoardTaskFormat
  -> bucketTaskBoardFormat plannerBucketTaskBoardTaskFormat
  -> details plannerTaskDetails
  -> progressTaskBoardFormat plannerProgressTaskBoardTaskFormat
entity plannerBucket : entity
  name String*
  orderHint String
  planId String
  -> tasks [plannerTask]
entity plannerPlan : entity
  container plannerPlanContainer
  createdBy identitySet!
  createdDateTime DateTimeOffset!
  owner String
  title String*
  -> buckets [plannerBucket]
  -> details plannerPlanDetails
  -> tasks [plannerTask]
"""
)

PLAN = SCHEMA.structured["plannerPlan"]
PLAN_DETAILS = SCHEMA.structured["plannerPlanDetails"]
BUCKET = SCHEMA.structured["plannerBucket"]
TASK = SCHEMA.structured["plannerTask"]
TASK_DETAILS = SCHEMA.structured["plannerTaskDetails"]
ASSIGNED_TO_FORMAT = SCHEMA.structured["plannerAssignedToTaskBoardTaskFormat"]
BUCKET_FORMAT = SCHEMA.structured["plannerBucketTaskBoardTaskFormat"]
PROGRESS_FORMAT = SCHEMA.structured["plannerProgressTaskBoardTaskFormat"]
ASSIGNMENT = SCHEMA.structured["plannerAssignment"]
CHECKLIST_ITEM = SCHEMA.structured["plannerChecklistItem"]
REFERENCE = SCHEMA.structured["plannerExternalReference"]
