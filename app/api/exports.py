"""The API of taking away: a layer as a file, with what it takes to make it again."""

from fastapi import APIRouter

router = APIRouter()
