"""What routes that deal with pictures are given: where they are kept, and what was uploaded."""

from typing import Annotated

from fastapi import Depends, Request, UploadFile

from lente.app.pictures.store import Store


async def _store(request: Request) -> Store:
    store: Store = request.app.state.services.store
    return store


async def _uploaded(file: UploadFile) -> bytes:
    return await file.read()


StoreDep = Annotated[Store, Depends(_store)]
UploadDep = Annotated[bytes, Depends(_uploaded)]
