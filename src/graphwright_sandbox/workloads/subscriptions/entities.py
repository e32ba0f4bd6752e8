"""The types of the subscriptions workload."""

from graphwright_sandbox.graph.edm import SCHEMA

SCHEMA.declare(
    """
entity subscription : entity
  applicationId String!
  changeType String*
  clientState String
  creatorId String!
  encryptionCertificate String
  encryptionCertificateId String
  expirationDateTime DateTimeOffset*
  includeResourceData Boolean
  latestSupportedTlsVersion String
  lifecycleNotificationUrl String
  notificationQueryOptions String
  notificationUrl String*
  notificationUrlAppId String
  resource String*
"""
)

SUBSCRIPTION = SCHEMA.structured["subscription"]
