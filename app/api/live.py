"""The API's live channel: see app.live."""

from fastapi import APIRouter, WebSocket

from app.live import Live

router = APIRouter()


@router.websocket("/api/live")
async def live(socket: WebSocket) -> None:
    """Asks and answers while a hand moves; hosts and origins are checked before this is reached."""
    await Live(socket, socket.app.state).run()
