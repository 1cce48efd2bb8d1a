"""What routes are given: `async def route(store: StoreDep)`."""

from typing import Annotated

from fastapi import Depends, Request, UploadFile

from app.compute import Compute
from app.settings import Settings
from app.store import Store


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


def _compute(request: Request) -> Compute:
    compute: Compute = request.app.state.compute
    return compute


async def _uploaded(file: UploadFile) -> bytes:
    return await file.read()


SettingsDep = Annotated[Settings, Depends(_settings)]
StoreDep = Annotated[Store, Depends(_store)]
ComputeDep = Annotated[Compute, Depends(_compute)]
UploadDep = Annotated[bytes, Depends(_uploaded)]
