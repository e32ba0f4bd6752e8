"""The types of the sites workload."""

import graphwright_sandbox.sharepoint.page_types
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
BASE_SITE_PAGE = SCHEMA.structured["baseSitePage"]
SITE_PAGE = SCHEMA.structured["sitePage"]
CANVAS_LAYOUT = SCHEMA.structured["canvasLayout"]
SECTION = SCHEMA.structured["horizontalSection"]
COLUMN_OF_PAGE = SCHEMA.structured["horizontalSectionColumn"]
VERTICAL_SECTION = SCHEMA.structured["verticalSection"]
WEB_PART = SCHEMA.structured["webPart"]
