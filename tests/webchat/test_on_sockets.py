"""A client of Direct Line and a bot on real sockets: REST, the stream, and what the bot is told meanwhile."""

from __future__ import annotations

import asyncio

from aiohttp import ClientSession, web

from chatdrill.clock import WallClock
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Recorder
from chatdrill_fakes.platforms.webchat import platform


async def test_a_client_speaks_with_the_bot_over_the_stream() -> None:
    clock = WallClock()
    heard: list[str] = []
    stage = Stage(clock=clock, seed=Seed(7), recorder=Recorder(clock), listen=ListenOptions(port=0))
    stage.add(platform)
    async with stage, ClientSession() as http:
        known = stage.environment()
        runner = web.AppRunner(app := web.Application())

        async def take(request: web.Request) -> web.Response:
            said = await request.json()
            heard.append(said["type"])
            if said["type"] == "message":
                url = f"{said['serviceUrl']}v3/conversations/{said['conversation']['id']}/activities"
                bearer = {"Authorization": f"Bearer {known['WEBCHAT_TOKEN']}"}
                async with http.post(
                    url, json={"type": "message", "text": f"{said['text']} yourself"}, headers=bearer
                ) as done:
                    assert done.status == 200
            return web.Response(status=202)

        app.router.add_post("/api/messages", take)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        stage.set_webhook("webchat", f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages")
        line = f"{known['WEBCHAT_DIRECTLINE_URL']}/conversations"
        secret = {"Authorization": f"Bearer {known['WEBCHAT_DIRECTLINE_SECRET']}"}
        async with http.post(line, json={"user": {"id": "dl_eva"}}, headers=secret) as begun:
            talk = await begun.json()
        bearer = {"Authorization": f"Bearer {talk['token']}"}
        async with http.ws_connect(talk["streamUrl"]) as stream:
            await stream.send_str("")
            said = {"type": "message", "from": {"id": "dl_eva"}, "text": "Hello"}
            async with http.post(f"{line}/{talk['conversationId']}/activities", json=said, headers=bearer) as done:
                assert done.status == 200, await done.text()
            seen: list[str] = []
            while len(seen) < 2:
                frame = await asyncio.wait_for(stream.receive_json(), 5)
                seen += [each["text"] for each in frame["activities"]]
        assert seen == ["Hello", "Hello yourself"] and sorted(heard) == ["conversationUpdate", "message"]
        await runner.cleanup()
