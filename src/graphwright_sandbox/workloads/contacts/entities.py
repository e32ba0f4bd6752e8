"""The types of the contacts workload."""

import graphwright_sandbox.graph.outlook_types  # noqa: F401 - declares what is referred to
from graphwright_sandbox.graph.edm import SCHEMA

SCHEMA.declare(
    """
entity contact : outlookItem open
  assistantName String
  birthday DateTimeOffset
  businessAddress physicalAddress
  businessHomePage String
  businessPhones [String]
  children [String]
  companyName String
  department String
  displayName String
  emailAddresses [emailAddress]
  fileAs String
  generation String
  givenName String
  homeAddress physicalAddress
  homePhones [String]
  imAddresses [String]
  initials String
  jobTitle String
  manager String
  middleName String
  mobilePhone String
  nickName String
  officeLocation String
  otherAddress physicalAddress
  parentFolderId String!
  personalNotes String
  primaryEmailAddress emailAddress!
  profession String
  secondaryEmailAddress emailAddress!
  spouseName String
  surname String
  tertiaryEmailAddress emailAddress!
  title String
  yomiCompanyName String
  yomiGivenName String
  yomiSurname String
  -> extensions [extension]
entity contactFolder : entity
  displayName String
  parentFolderId String!
  -> childFolders [contactFolder]
  -> contacts [contact]
"""
)
CONTACT = SCHEMA.structured["contact"]
CONTACT_FOLDER = SCHEMA.structured["contactFolder"]
