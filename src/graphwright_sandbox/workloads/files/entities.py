"""The types of the files workload."""

import graphwright_sandbox.sharepoint.types  # noqa: F401 - declares them
from graphwright_sandbox.graph.edm import SCHEMA

DRIVE = SCHEMA.structured["drive"]
DRIVE_ITEM = SCHEMA.structured["driveItem"]
PERMISSION = SCHEMA.structured["permission"]
THUMBNAIL_SET = SCHEMA.structured["thumbnailSet"]
VERSION = SCHEMA.structured["driveItemVersion"]
SHARED_ITEM = SCHEMA.structured["sharedDriveItem"]
