"""Photos of people: drawn for most of the seeded company, uploaded for whoever sends one."""

from __future__ import annotations

from graphwright_sandbox.graph.photos import Photos
from graphwright_sandbox.graph.request import GraphContext, GraphRequest, GraphResponse


class Pictures:
    def __init__(self, context: GraphContext) -> None:
        self._people = context.tenant.people
        self._photos = Photos(self._has_drawn)
        context.state.add("userPhotos", self._photos.dump, self._photos.load)

    def _has_drawn(self, user_id: str) -> bool:
        """Every seventh person never uploaded a photo, as in any company; nor who just came."""
        number = self._people.number_of(user_id)
        return number is not None and number < self._people.seeded and number % 7 != 6

    def show(self, request: GraphRequest) -> GraphResponse:
        return self._photos.show(request, request.person.id, request.mailbox_path("photo"))

    def list_sizes(self, request: GraphRequest) -> GraphResponse:
        return self._photos.list(request, request.person.id, request.mailbox_path("photos"))

    def download(self, request: GraphRequest) -> GraphResponse:
        return self._photos.download(request, request.person.id)

    def upload(self, request: GraphRequest) -> GraphResponse:
        return self._photos.upload(request, request.person.id)

    def delete(self, request: GraphRequest) -> GraphResponse:
        return self._photos.delete(request.person.id)
