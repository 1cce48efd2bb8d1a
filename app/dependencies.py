"""What routes are given: `async def route(store: StoreDep)`.

These functions are asynchronous though they wait for nothing: others would each cost a request a hop to another thread.
"""

from typing import Annotated

from fastapi import Depends, Request, UploadFile

from lente.app.pictures.store import Store
from lente.app.server.compute import Compute
from lente.app.settings import Settings


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


async def _compute(request: Request) -> Compute:
    compute: Compute = request.app.state.compute
    return compute


async def _uploaded(file: UploadFile) -> bytes:
    return await file.read()


SettingsDep = Annotated[Settings, Depends(_settings)]
StoreDep = Annotated[Store, Depends(_store)]
ComputeDep = Annotated[Compute, Depends(_compute)]
UploadDep = Annotated[bytes, Depends(_uploaded)]
