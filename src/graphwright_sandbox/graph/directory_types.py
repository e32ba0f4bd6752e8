"""Objects of the directory: users, groups, and what both are shown with.

Declared once here because several workloads answer with them.
"""

import graphwright_sandbox.graph.outlook_types  # noqa: F401 - declares what is referred to
from graphwright_sandbox.graph.edm import SCHEMA, StructuredType

SCHEMA.declare(
    """
complex assignedLicense
  disabledPlans [Guid]*
  skuId Guid
complex assignedPlan
  assignedDateTime DateTimeOffset
  capabilityStatus String
  service String
  servicePlanId Guid
complex servicePlanInfo
  appliesTo String
  provisioningStatus String
  servicePlanId Guid
  servicePlanName String
complex objectIdentity
  issuer String
  issuerAssignedId String
  signInType String
complex employeeOrgData
  costCenter String
  division String
complex localeInfo
  displayName String
  locale String
complex timeZoneBase
  name String
complex workingHours
  daysOfWeek [dayOfWeek]
  endTime TimeOfDay
  startTime TimeOfDay
  timeZone timeZoneBase
enum automaticRepliesStatus: disabled alwaysEnabled scheduled
enum externalAudienceScope: none contactsOnly all
enum delegateMeetingMessageDeliveryOptions: sendToDelegateAndInformationToPrincipal \
sendToDelegateAndPrincipal sendToDelegateOnly
enum userPurpose: user linked shared room equipment others unknownFutureValue
complex automaticRepliesSetting
  externalAudience externalAudienceScope
  externalReplyMessage String
  internalReplyMessage String
  scheduledEndDateTime dateTimeTimeZone
  scheduledStartDateTime dateTimeTimeZone
  status automaticRepliesStatus
complex mailboxSettings
  archiveFolder String
  automaticRepliesSetting automaticRepliesSetting
  dateFormat String
  delegateMeetingMessageDeliveryOptions delegateMeetingMessageDeliveryOptions
  language localeInfo
  timeFormat String
  timeZone String
  userPurpose userPurpose
  workingHours workingHours
complex passwordProfile
  forceChangePasswordNextSignIn Boolean
  forceChangePasswordNextSignInWithMfa Boolean
  password String
complex onPremisesExtensionAttributes
  extensionAttribute1 String
  extensionAttribute2 String
  extensionAttribute3 String
  extensionAttribute4 String
  extensionAttribute5 String
  extensionAttribute6 String
  extensionAttribute7 String
  extensionAttribute8 String
  extensionAttribute9 String
  extensionAttribute10 String
  extensionAttribute11 String
  extensionAttribute12 String
  extensionAttribute13 String
  extensionAttribute14 String
  extensionAttribute15 String
complex onPremisesProvisioningError
  category String
  occurredDateTime DateTimeOffset
  propertyCausingError String
  value String
complex serviceProvisioningError
  createdDateTime DateTimeOffset
  isResolved Boolean
  serviceInstance String
complex assignedLabel
  displayName String
  labelId String
complex licenseProcessingState
  state String
complex licenseAssignmentState
  assignedByGroup String
  disabledPlans [Guid]
  error String
  lastUpdatedDateTime DateTimeOffset
  skuId Guid
  state String
enum groupAccessType: none private secret public unknownFutureValue
entity directoryObject : entity open
  deletedDateTime DateTimeOffset
entity user : directoryObject open
  aboutMe String
  accountEnabled Boolean
  ageGroup String
  assignedLicenses [assignedLicense]*
  assignedPlans [assignedPlan]*
  birthday DateTimeOffset*
  businessPhones [String]*
  city String
  companyName String
  consentProvidedForMinor String
  country String
  createdDateTime DateTimeOffset
  creationType String
  department String
  displayName String
  employeeHireDate DateTimeOffset
  employeeId String
  employeeLeaveDateTime DateTimeOffset
  employeeOrgData employeeOrgData
  employeeType String
  externalUserState String
  externalUserStateChangeDateTime DateTimeOffset
  faxNumber String
  givenName String
  hireDate DateTimeOffset*
  identities [objectIdentity]
  imAddresses [String]
  interests [String]
  isResourceAccount Boolean
  jobTitle String
  lastPasswordChangeDateTime DateTimeOffset
  legalAgeGroupClassification String
  licenseAssignmentStates [licenseAssignmentState]
  mail String
  mailboxSettings mailboxSettings
  mailNickname String
  mobilePhone String
  mySite String
  officeLocation String
  onPremisesDistinguishedName String
  onPremisesDomainName String
  onPremisesExtensionAttributes onPremisesExtensionAttributes
  onPremisesImmutableId String
  onPremisesLastSyncDateTime DateTimeOffset
  onPremisesProvisioningErrors [onPremisesProvisioningError]
  onPremisesSamAccountName String
  onPremisesSecurityIdentifier String
  onPremisesSyncEnabled Boolean
  onPremisesUserPrincipalName String
  otherMails [String]*
  passwordPolicies String
  passwordProfile passwordProfile
  pastProjects [String]
  postalCode String
  preferredDataLocation String
  preferredLanguage String
  preferredName String
  proxyAddresses [String]*
  responsibilities [String]
  schools [String]
  securityIdentifier String
  serviceProvisioningErrors [serviceProvisioningError]
  showInAddressList Boolean
  signInSessionsValidFromDateTime DateTimeOffset
  skills [String]
  state String
  streetAddress String
  surname String
  usageLocation String
  userPrincipalName String
  userType String
  -> manager directoryObject
  -> directReports [directoryObject]
  -> memberOf [directoryObject]
  -> transitiveMemberOf [directoryObject]
  -> ownedObjects [directoryObject]
  -> extensions [extension]
entity group : directoryObject open
  accessType groupAccessType
  allowExternalSenders Boolean
  assignedLabels [assignedLabel]
  assignedLicenses [assignedLicense]
  autoSubscribeNewMembers Boolean
  classification String
  createdDateTime DateTimeOffset!
  description String
  displayName String
  expirationDateTime DateTimeOffset!
  groupTypes [String]*
  hasMembersWithLicenseErrors Boolean
  hideFromAddressLists Boolean
  hideFromOutlookClients Boolean
  infoCatalogs [String]*
  isArchived Boolean
  isAssignableToRole Boolean
  isFavorite Boolean
  isManagementRestricted Boolean
  isSubscribedByMail Boolean
  licenseProcessingState licenseProcessingState
  mail String!
  mailEnabled Boolean
  mailNickname String
  membershipRule String
  membershipRuleProcessingState String
  onPremisesDomainName String!
  onPremisesExtensionAttributes onPremisesExtensionAttributes
  onPremisesLastSyncDateTime DateTimeOffset!
  onPremisesNetBiosName String!
  onPremisesProvisioningErrors [onPremisesProvisioningError]!
  onPremisesSamAccountName String!
  onPremisesSecurityIdentifier String!
  onPremisesSyncEnabled Boolean!
  organizationId String
  preferredDataLocation String
  preferredLanguage String
  proxyAddresses [String]*!
  renewedDateTime DateTimeOffset!
  resourceBehaviorOptions [String]*
  resourceProvisioningOptions [String]*
  securityEnabled Boolean
  securityIdentifier String!
  serviceProvisioningErrors [serviceProvisioningError]
  theme String
  uniqueName String
  unseenConversationsCount Int32
  unseenCount Int32
  unseenMessagesCount Int32
  visibility String
  welcomeMessageEnabled Boolean
  -> members [directoryObject]
  -> owners [directoryObject]+
  -> memberOf [directoryObject]
  -> transitiveMemberOf [directoryObject]
  -> transitiveMembers [directoryObject]
  -> extensions [extension]
"""
)

USER = SCHEMA.structured["user"]
GROUP = SCHEMA.structured["group"]
USER_TYPE = "#microsoft.graph.user"
GROUP_TYPE = "#microsoft.graph.group"
MEMBER = StructuredType(
    "directoryObject",
    entity=True,
    open=True,
    own={**GROUP.properties, **USER.properties},
    own_navigation={**GROUP.navigation, **USER.navigation},
)
"""A user or a group, where both may stand in one collection: `$select` may name what either has."""
USER_DEFAULTS = (
    "businessPhones",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
    "id",
)
GROUP_DEFAULTS = tuple(
    """id deletedDateTime classification createdDateTime description displayName expirationDateTime
    groupTypes isAssignableToRole mail mailEnabled mailNickname membershipRule
    membershipRuleProcessingState onPremisesDomainName onPremisesLastSyncDateTime
    onPremisesNetBiosName onPremisesSamAccountName onPremisesSecurityIdentifier
    onPremisesSyncEnabled preferredDataLocation preferredLanguage proxyAddresses renewedDateTime
    resourceBehaviorOptions resourceProvisioningOptions securityEnabled securityIdentifier theme
    uniqueName visibility onPremisesProvisioningErrors serviceProvisioningErrors""".split()
)
BASIC_GROUP_PROPERTIES = frozenset(
    """id createdDateTime description displayName groupTypes mail mailEnabled mailNickname
    securityEnabled visibility""".split()
)
"""What Group.ReadBasic.All shows."""
BASIC_PROPERTIES = frozenset(
    {"displayName", "givenName", "id", "mail", "photo", "surname", "userPrincipalName"}
)
"""What User.ReadBasic.All shows of other people."""
