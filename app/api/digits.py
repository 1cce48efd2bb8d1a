"""The API of digits."""

from fastapi import APIRouter

router = APIRouter(prefix="/api/digits", tags=["digits"])
