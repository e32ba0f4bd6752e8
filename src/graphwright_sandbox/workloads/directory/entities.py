"""The types of the directory workload."""

import graphwright_sandbox.graph.directory_types  # noqa: F401 - declares what is referred to
from graphwright_sandbox.graph.edm import SCHEMA

SCHEMA.declare(
    """
enum mdmAuthority: unknown intune sccm office365
enum partnerTenantType: microsoftSupport syndicatePartner breadthPartner \
breadthPartnerDelegatedAdmin resellerPartnerDelegatedAdmin \
valueAddedResellerPartnerDelegatedAdmin unknownFutureValue
complex privacyProfile
  contactEmail String
  statementUrl String
complex provisionedPlan
  capabilityStatus String
  provisioningStatus String
  service String
complex verifiedDomain
  capabilities String
  isDefault Boolean
  isInitial Boolean
  name String
  type String
complex domainState
  lastActionDateTime DateTimeOffset
  operation String
  status String
complex licenseUnitsDetail
  enabled Int32
  lockedOut Int32
  suspended Int32
  warning Int32
entity organization : directoryObject open
  assignedPlans [assignedPlan]*
  businessPhones [String]*
  city String
  country String
  countryLetterCode String
  createdDateTime DateTimeOffset
  defaultUsageLocation String
  displayName String
  marketingNotificationEmails [String]*
  mobileDeviceManagementAuthority mdmAuthority*
  onPremisesLastSyncDateTime DateTimeOffset
  onPremisesSyncEnabled Boolean
  partnerTenantType partnerTenantType
  postalCode String
  preferredLanguage String
  privacyProfile privacyProfile
  provisionedPlans [provisionedPlan]*
  securityComplianceNotificationMails [String]*
  securityComplianceNotificationPhones [String]*
  state String
  street String
  technicalNotificationMails [String]*
  tenantType String
  verifiedDomains [verifiedDomain]*
entity domain : entity
  authenticationType String*
  availabilityStatus String
  isAdminManaged Boolean*
  isDefault Boolean*
  isInitial Boolean*
  isRoot Boolean*
  isVerified Boolean*
  manufacturer String
  model String
  passwordNotificationWindowInDays Int32
  passwordValidityPeriodInDays Int32
  state domainState
  supportedServices [String]*
entity subscribedSku : entity
  accountId String
  accountName String
  appliesTo String
  capabilityStatus String
  consumedUnits Int32
  prepaidUnits licenseUnitsDetail
  servicePlans [servicePlanInfo]*
  skuId Guid
  skuPartNumber String
  subscriptionIds [String]
complex extensionSchemaProperty
  name String
  type String
entity schemaExtension : entity
  description String
  owner String*
  properties [extensionSchemaProperty]*
  status String*
  targetTypes [String]*
"""
)
ORGANIZATION = SCHEMA.structured["organization"]
DOMAIN = SCHEMA.structured["domain"]
SUBSCRIBED_SKU = SCHEMA.structured["subscribedSku"]
SCHEMA_EXTENSION = SCHEMA.structured["schemaExtension"]
