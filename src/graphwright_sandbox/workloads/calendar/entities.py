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
  -> extensions [extension]
  -> instances [event]
  -> singleValueExtendedProperties [singleValueLegacyExtendedProperty]
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
  -> calendarPermissions [calendarPermission]
  -> calendarView [event]
  -> events [event]
entity calendarGroup : entity
  changeKey String!
  classId Guid!
  name String
  -> calendars [calendar]
enum calendarRoleType: none freeBusyRead limitedRead read write delegateWithoutPrivateEventAccess \
delegateWithPrivateEventAccess custom
entity calendarPermission : entity
  allowedRoles [calendarRoleType]!
  emailAddress emailAddress
  isInsideOrganization Boolean
  isRemovable Boolean
  role calendarRoleType
complex scheduleItem
  end dateTimeTimeZone
  isPrivate Boolean
  location String
  start dateTimeTimeZone
  status freeBusyStatus
  subject String
complex freeBusyError
  message String
  responseCode String
complex scheduleInformation
  availabilityView String
  error freeBusyError
  scheduleId String
  scheduleItems [scheduleItem]
  workingHours workingHours
enum activityDomain: unknown work personal unrestricted
complex timeConstraint
  activityDomain activityDomain
  timeSlots [timeSlot]
complex locationConstraintItem : location
  resolveAvailability Boolean
complex locationConstraint
  isRequired Boolean
  locations [locationConstraintItem]
  suggestLocation Boolean
complex attendeeAvailability
  attendee attendeeBase
  availability freeBusyStatus
complex meetingTimeSuggestion
  attendeeAvailability [attendeeAvailability]
  confidence Double
  locations [location]
  meetingTimeSlot timeSlot
  order Int32
  organizerAvailability freeBusyStatus
  suggestionReason String
complex meetingTimeSuggestionsResult
  emptySuggestionsReason String
  meetingTimeSuggestions [meetingTimeSuggestion]
complex reminder
  changeKey String
  eventEndTime dateTimeTimeZone
  eventId String
  eventLocation location
  eventStartTime dateTimeTimeZone
  eventSubject String
  eventWebLink String
  reminderFireTime dateTimeTimeZone
"""
)

EVENT = SCHEMA.structured["event"]
CALENDAR = SCHEMA.structured["calendar"]
