"""Photos: uploaded ones, and coloured tile patterns as PNG for those who never sat for one.

Whose photos they are, the workloads say.
"""

import base64
import hashlib
import struct
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from graphwright_sandbox.graph.edm import SCHEMA
from graphwright_sandbox.graph.errors import GraphError, bad_request
from graphwright_sandbox.graph.presentation import View, answer_entity, check_shape, project
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record, no_content

SCHEMA.declare(
    """
entity profilePhoto : entity
  height Int32
  width Int32
"""
)
PROFILE_PHOTO = SCHEMA.structured["profilePhoto"]
MAXIMUM_PHOTO = 4 * 1024 * 1024
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")
SIZES = (48, 64, 96, 120, 240, 360, 432, 504, 648)
_TILES = 6


def draw_photo(seed: str, size: int) -> bytes:
    """A square PNG; the same person always gets the same picture."""
    digest = hashlib.sha256(seed.encode()).digest()
    front = bytes(60 + value % 140 for value in digest[:3])
    back = bytes(225 + value % 30 for value in digest[3:6])
    rows = bytearray()
    for y in range(size):
        rows.append(0)
        row = y * _TILES // size
        for x in range(size):
            column = x * _TILES // size
            mirrored = min(column, _TILES - 1 - column)
            bit = digest[6 + row] >> mirrored & 1
            rows += front if bit else back
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


class Photos:
    """Photos of people, groups or contacts: uploaded ones, and drawn ones for who is said to have
    one. An uploaded photo is given back as it came, in every size."""

    def __init__(self, has_drawn: Callable[[str], bool]) -> None:
        self._has_drawn = has_drawn
        self._uploaded: dict[str, tuple[bytes, str]] = {}
        self._deleted: set[str] = set()

    def show(self, request: GraphRequest, owner: str, path: str) -> GraphResponse:
        """The metadata of the photo, in the size that the path may name."""
        size = self._size(request, owner)
        return answer_entity(request, View(PROFILE_PHOTO), self._record(owner, size), path)

    def list(self, request: GraphRequest, owner: str, path: str) -> GraphResponse:
        self._size(request, owner)
        view = View(PROFILE_PHOTO)
        check_shape(view, request.options)
        value = [project(request, view, self._record(owner, size)) for size in SIZES]
        return GraphResponse(200, {"@odata.context": request.context(path), "value": value})

    def download(self, request: GraphRequest, owner: str) -> GraphResponse:
        size = self._size(request, owner)
        content, content_type = self._uploaded.get(owner) or (_picture(owner, size), "image/png")
        return GraphResponse(200, content, content_type=content_type)

    def upload(self, request: GraphRequest, owner: str) -> GraphResponse:
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not content_type.startswith("image/"):
            raise bad_request("The Content-Type of a photo needs to be an image type.")
        if not 0 < len(request.body) <= MAXIMUM_PHOTO:
            raise bad_request("A photo needs between 1 byte and 4 MB.", "ErrorInvalidImageSize")
        if not request.body.startswith(_SIGNATURES):
            raise bad_request("The image is not a JPEG, PNG or GIF.", "ErrorInvalidImage")
        self._uploaded[owner] = (request.body, content_type)
        self._deleted.discard(owner)
        return GraphResponse(200)

    def delete(self, owner: str) -> GraphResponse:
        if not self._exists(owner):
            raise _not_found()
        self._uploaded.pop(owner, None)
        self._deleted.add(owner)
        return no_content()

    def dump(self) -> dict[str, Any]:
        """All uploads and deletions as a JSON value."""
        uploaded = {
            owner: [base64.b64encode(content).decode(), content_type]
            for owner, (content, content_type) in self._uploaded.items()
        }
        return {"uploaded": uploaded, "deleted": sorted(self._deleted)}

    def load(self, value: Mapping[str, Any]) -> None:
        self._uploaded = {
            owner: (base64.b64decode(content), content_type)
            for owner, (content, content_type) in value["uploaded"].items()
        }
        self._deleted = set(value["deleted"])

    def _exists(self, owner: str) -> bool:
        return owner in self._uploaded or (owner not in self._deleted and self._has_drawn(owner))

    def _size(self, request: GraphRequest, owner: str) -> int:
        """The size asked for; not everybody has a photo at all."""
        text = request.keys.get("size", "648x648").lower()
        sizes = {f"{size}x{size}": size for size in SIZES}
        if text not in sizes or not self._exists(owner):
            raise _not_found()
        return sizes[text]

    def _record(self, owner: str, size: int) -> Record:
        content, content_type = self._uploaded.get(owner, (b"", "image/png"))
        mark = hashlib.sha256(content).hexdigest()[:8] if content else owner[:8]
        return {
            "@odata.mediaContentType": content_type,
            "@odata.mediaEtag": f'W/"{mark}{size}"',
            "id": f"{size}X{size}",
            "height": size,
            "width": size,
        }


def _not_found() -> GraphError:
    return GraphError(404, "ImageNotFound", "The photo wasn't found.")


@lru_cache(maxsize=64)
def _picture(owner: str, size: int) -> bytes:
    return draw_photo(owner, size)
