"""The types of the users workload."""

import graphwright_sandbox.graph.outlook_types  # noqa: F401 - declares what is referred to
from graphwright_sandbox.graph.edm import SCHEMA

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
complex mailboxSettings
  archiveFolder String
  dateFormat String
  language localeInfo
  timeFormat String
  timeZone String
  workingHours workingHours
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
  mail String
  mailboxSettings mailboxSettings
  mailNickname String
  mobilePhone String
  mySite String
  officeLocation String
  onPremisesDistinguishedName String
  onPremisesDomainName String
  onPremisesImmutableId String
  onPremisesLastSyncDateTime DateTimeOffset
  onPremisesSamAccountName String
  onPremisesSecurityIdentifier String
  onPremisesSyncEnabled Boolean
  onPremisesUserPrincipalName String
  otherMails [String]*
  passwordPolicies String
  pastProjects [String]
  postalCode String
  preferredDataLocation String
  preferredLanguage String
  preferredName String
  proxyAddresses [String]*
  responsibilities [String]
  schools [String]
  securityIdentifier String
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
entity profilePhoto : entity
  height Int32
  width Int32
"""
)

USER = SCHEMA.structured["user"]
PROFILE_PHOTO = SCHEMA.structured["profilePhoto"]
DEFAULT_PROPERTIES = (
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
BASIC_PROPERTIES = frozenset(
    {"displayName", "givenName", "id", "mail", "photo", "surname", "userPrincipalName"}
)
"""What User.ReadBasic.All shows of other people."""
