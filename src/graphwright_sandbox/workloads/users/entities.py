"""The types of the users workload that are not objects of the directory."""

import graphwright_sandbox.graph.directory_types  # noqa: F401 - declares what is referred to
from graphwright_sandbox.graph.edm import SCHEMA

SCHEMA.declare(
    """
entity licenseDetails : entity
  servicePlans [servicePlanInfo]*
  skuId Guid
  skuPartNumber String
complex scoredEmailAddress
  address String
  itemId String
  relevanceScore Double
complex personType
  class String
  subclass String
entity person : entity
  birthday String
  companyName String
  department String
  displayName String
  givenName String
  imAddress String
  isFavorite Boolean
  jobTitle String
  officeLocation String
  personNotes String
  personType personType
  phones [phone]
  postalAddresses [location]
  profession String
  scoredEmailAddresses [scoredEmailAddress]
  surname String
  userPrincipalName String
  yomiCompany String
"""
)
LICENSE_DETAILS = SCHEMA.structured["licenseDetails"]
PERSON = SCHEMA.structured["person"]
MAILBOX_SETTINGS = SCHEMA.structured["mailboxSettings"]
