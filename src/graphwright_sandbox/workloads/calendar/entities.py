"""The types of the calendar workload."""

import graphwright_sandbox.graph.outlook_types  # noqa: F401 - declares what is referred to
from graphwright_sandbox.graph.edm import SCHEMA

SCHEMA.declare(
    """
enum onlineMeetingProviderType: unknown skypeForBusiness skypeForConsumer teamsForBusiness
enum calendarColor: auto lightBlue lightGreen lightOrange lightGray lightYellow lightTeal lightPink \
lightBrown lightRed maxColor
complex onlineMeetingInfo
  conferenceId String
  joinUrl String
  phones [phone]
  quickDial String
  tollFreeNumbers [String]
  tollNumber String
entity event : outlookItem open
  allowNewTimeProposals Boolean
  attendees [attendee]
  body itemBody
  bodyPreview String!
  cancelledOccurrences [String]*!
  end dateTimeTimeZone
  hasAttachments Boolean!
  hideAttendees Boolean
  iCalUId String!
  importance importance
  isAllDay Boolean
  isCancelled Boolean!
  isDraft Boolean!
  isOnlineMeeting Boolean
  isOrganizer Boolean!
  isReminderOn Boolean
  location location
  locations [location]
  onlineMeeting onlineMeetingInfo!
  onlineMeetingProvider onlineMeetingProviderType
  onlineMeetingUrl String!
  organizer recipient!
  originalEndTimeZone String!
  originalStart DateTimeOffset!
  originalStartTimeZone String!
  recurrence patternedRecurrence
  reminderMinutesBeforeStart Int32
  responseRequested Boolean
  responseStatus responseStatus!
  sensitivity sensitivity
  seriesMasterId String!
  showAs freeBusyStatus
  start dateTimeTimeZone
  subject String
  transactionId String
  type eventType!
  webLink String!
  -> attachments [attachment]
  -> calendar calendar
  -> exceptionOccurrences [event]
  -> instances [event]
entity calendar : entity
  allowedOnlineMeetingProviders [onlineMeetingProviderType]
  canEdit Boolean!
  canShare Boolean!
  canViewPrivateItems Boolean!
  changeKey String!
  color calendarColor
  defaultOnlineMeetingProvider onlineMeetingProviderType
  hexColor String
  isDefaultCalendar Boolean
  isRemovable Boolean!
  isTallyingResponses Boolean!
  name String
  owner emailAddress!
  -> calendarView [event]
  -> events [event]
"""
)

EVENT = SCHEMA.structured["event"]
CALENDAR = SCHEMA.structured["calendar"]
