"""The types of the sites workload."""

import graphwright_sandbox.sharepoint.types  # noqa: F401 - declares them
from graphwright_sandbox.graph.edm import SCHEMA

SITE = SCHEMA.structured["site"]
LIST = SCHEMA.structured["list"]
LIST_ITEM = SCHEMA.structured["listItem"]
LIST_ITEM_VERSION = SCHEMA.structured["listItemVersion"]
COLUMN = SCHEMA.structured["columnDefinition"]
CONTENT_TYPE = SCHEMA.structured["contentType"]
PERMISSION = SCHEMA.structured["permission"]
DRIVE_ITEM = SCHEMA.structured["driveItem"]
DRIVE = SCHEMA.structured["drive"]
