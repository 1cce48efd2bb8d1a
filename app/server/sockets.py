"""WebSocket connections that need fewer system calls for each message."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

MOST_UNREAD = 8


class Socket(WebSocketsSansIOProtocol):
    """uvicorn's, which stops to listen while a message waits: here only while MOST_UNREAD of them wait."""

    def send_receive_event_to_app(self) -> None:
        listens_on = not self.read_paused and self.queue.qsize() < MOST_UNREAD
        if listens_on:
            self.read_paused = True
        super().send_receive_event_to_app()
        if listens_on:
            self.read_paused = False
