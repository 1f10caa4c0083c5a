"""Acting: a customer carries out steps. Words take time to type, buttons must be there to be pressed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from chatdrill.clock import Clock
from chatdrill.engine.conversation import Conversation, Heard
from chatdrill.engine.expect import MessageRef
from chatdrill.engine.listening import Nudging, Unmet
from chatdrill.engine.media import load_media
from chatdrill.engine.persona import Persona, burst, nudge, patience_s, speaks, think_s, voice_for
from chatdrill.engine.step_parts import Attachment, Content
from chatdrill.engine.steps import (
    Blocks,
    Deletes,
    Edits,
    Happens,
    Presses,
    Reacts,
    Reads,
    Says,
    Sends,
    Starts,
    Step,
    Unblocks,
)
from chatdrill.engine.writing import words_of
from chatdrill.errors import ScenarioError, did_you_mean
from chatdrill.model import (
    Act,
    Block,
    Button,
    Delete,
    Edit,
    Event,
    Part,
    Press,
    React,
    Read,
    Start,
    Text,
    Typing,
    Unblock,
    Write,
)
from chatdrill.seeds import Seed, Stream
from chatdrill.serve import Stage
from chatdrill.trace import Acted, Recorder

Wait = Callable[[Conversation, Callable[[], object]], Awaitable[bool]]


_NO_WORDS: frozenset[str] = frozenset()


class Actor:
    """One customer who acts in one conversation."""

    def __init__(
        self,
        conversation: Conversation,
        persona: Persona,
        stage: Stage,
        recorder: Recorder,
        clock: Clock,
        seed: Seed,
        *,
        files: Mapping[str, Path],
        protected: Sequence[str],
    ) -> None:
        self._conversation = conversation
        self._persona = persona
        self._language = conversation.customer.language
        self._stage = stage
        self._recorder = recorder
        self._clock = clock
        self._seed = seed
        self._turn = 1
        self._undrawn = 0
        self._stream: Stream | None = None
        self._files = files
        self._keep = _NO_WORDS if persona.is_plain else words_of(protected)
        self._nudges = 0
        self.nudging = Nudging(self._patience_left_s, self._nudge)
        """This customer's patience."""
        self._heard = ""
        self.meant_t: float | None = None
        """When this customer means to speak next, in real seconds since the run began; ``None``: when they come to it."""
        capabilities = stage.channels[conversation.channel].platform.capabilities
        self._shows_reading = "read" in capabilities.acts and "read" not in capabilities.lacks

    def _chance(self) -> Stream:
        """A turn's own stream. It is let go while the customer waits: tens of thousands may wait at once, and a stream has 3 kB."""
        if self._stream is None:
            self._stream = self._seed.stream(str(self._turn))
            for _ in range(self._undrawn):
                self._stream.random()
        return self._stream

    # -------------------------------------------------------------------------------------------- the doing

    def do(self, act: Act, *, step: int | None = None, meant_at: float | None = None) -> Acted:
        """Carry out one act now; without a ``step`` it is the persona's own idea."""
        conversation = self._conversation
        return self._stage.act(
            conversation.channel,
            conversation.address,
            act,
            cause="persona" if step is None else "step",
            step=step,
            meant_at=meant_at,
        )

    async def act(self, index: int, step: Step, *, since_t: float, wait: Wait) -> None:
        """Carry out a step. Who has heard something thinks about it first, from ``since_t`` on (real seconds since the run began). Raises
        ``Unmet`` where the bot did not send what the act needs."""
        if self._heard and (pause_s := self._thought_s(since_t)) > 0:
            await self._clock.sleep(pause_s)
        if isinstance(step, Says):
            await self._says(index, step, wait)
        elif isinstance(step, Sends):
            reply_to = await self._quoted(step.reply_to, wait)
            parts = tuple(self._part(content) for content in step.contents)
            self.do(Write(parts=parts, reply_to=reply_to, forwarded=step.forwarded), step=index)
        elif isinstance(step, Presses):
            await self._presses(index, step, wait)
        else:
            self.do(await self._simple_act(step, wait), step=index)

    async def _simple_act(self, step: Step, wait: Wait) -> Act:
        match step:
            case Starts():
                return Start(payload=step.payload, referral=step.referral)
            case Edits():
                return Edit(message_id=self._own(step.message), parts=(Text(text=step.text),))
            case Deletes():
                return Delete(message_id=self._own(step.message))
            case Reacts():
                return React(message_id=await self._theirs(step.message, wait), emoji=step.emoji)
            case Reads():
                return Read(message_id=await self._theirs(step.message, wait))
            case Blocks():
                return Block()
            case Unblocks():
                return Unblock()
            case Happens():
                return Event(name=step.event, data=step.data)
        raise ScenarioError(f"nobody can act out a step of the kind {type(step).__name__}")

    def _thought_s(self, since_t: float) -> float:
        """How long reading what was heard and thinking still take, before the next act. What we did meanwhile is not the customer's time."""
        heard, self._heard = self._heard, ""
        clock = self._clock
        pause_s = min(think_s(heard, self._persona, self._chance), _THINK_MAX_S)
        self.meant_t = since_t + pause_s / clock.speed
        return pause_s if clock.is_virtual else (self.meant_t - self._recorder.t) * clock.speed

    async def type_for(self, seconds: float) -> None:
        """Type and send nothing."""
        self.do(Typing())
        await self._clock.sleep(seconds)

    def heard(self, met: Sequence[tuple[int, Heard]], *, excused: bool) -> float:
        """Take in what met the steps of a turn: read it, and be patient again. ``excused``: so is all that came meanwhile. Returns when the
        last of it came, in real seconds since the run began."""
        self._nudges = 0
        if excused:
            self._conversation.pool = []
        if not met:
            self._heard = ""
            return self._recorder.t
        texts, heard_t = [], 0.0
        for _, item in met:
            texts.append(item.message.text)
            heard_t = max(heard_t, item.t)
        self._heard = " ".join(texts)
        if self._shows_reading:
            self.do(Read(message_id=met[-1][1].message.id))
        return heard_t

    # --------------------------------------------------------------------------------------------- speaking

    async def _says(self, index: int, step: Says, wait: Wait) -> None:
        reply_to = None if step.reply_to is None else await self._quoted(step.reply_to, wait)
        if not step.scripted and self._speaks():
            voice = self._part(Attachment(file=voice_for(self._language), kind="voice"))
            self.do(Write(parts=(voice,), reply_to=reply_to), step=index)
            return
        pieces = burst(step, self._persona, self._chance, language=self._language, keep=self._keep)
        meant_at, self.meant_t = self._recorder.t if self.meant_t is None else self.meant_t, None
        referral = step.referral
        for gap_s, text in pieces:
            if gap_s:
                await self._clock.sleep(gap_s)
                meant_at += gap_s / self._clock.speed
            write = Write(parts=(Text(text=text),), reply_to=reply_to, forwarded=step.forwarded, referral=referral)
            # A loop's timer may be early by half a millisecond, and nobody answers before they are asked.
            self.do(write, step=index, meant_at=min(meant_at, self._recorder.t))
            reply_to = referral = None  # the first message alone has them

    def _speaks(self) -> bool:
        """Whether the next text is spoken. For who never does the draw is put off, and spared if nothing else is drawn in this turn."""
        if self._stream is None and not self._persona.voice_rate:
            self._undrawn += 1
            return False
        return speaks(self._persona, self._chance)

    def _part(self, content: Content) -> Part:
        if not isinstance(content, Attachment):
            return content
        return load_media(content, self._files, self._stage.channels[self._conversation.channel].state.blobs)

    async def _quoted(self, ref: MessageRef | None, wait: Wait) -> str | None:
        if ref is None:
            return None
        await wait(self._conversation, lambda: self._conversation.any_message(ref))
        found = self._conversation.any_message(ref)
        if found is None:
            raise Unmet(f"cannot quote {ref}: there is none")
        return found

    # --------------------------------------------------------------------------------- pressing and pointing

    async def _presses(self, index: int, step: Presses, wait: Wait) -> None:
        conversation = self._conversation

        if step.menu:
            title = step.title if step.title is not None else step.payload or ""
            self.do(Press(button=Button(title=title, kind="postback", payload=step.payload)), step=index)
            return
        await wait(conversation, lambda: conversation.find_button(step))
        found = conversation.find_button(step)
        if found is None:
            raise Unmet(self._no_button(step))
        button, message_id = found
        self.do(Press(button=button, message_id=message_id), step=index)

    def _no_button(self, step: Presses) -> str:
        wanted = step.title if step.title is not None else step.payload or ""
        titles = self._conversation.button_titles()
        hint = did_you_mean(wanted, titles) if titles else "; the bot has sent no buttons"
        return f"there is no button {wanted!r} to press{hint}"

    def _own(self, ref: MessageRef) -> str:
        found = self._conversation.own_message(ref)
        if found is None:
            raise ScenarioError(f"the customer has said nothing yet that is {ref}")
        return found

    async def _theirs(self, ref: MessageRef, wait: Wait) -> str:
        await wait(self._conversation, lambda: self._conversation.bot_message(ref))
        found = self._conversation.bot_message(ref)
        if found is None:
            raise Unmet(f"the bot has not sent {ref}")
        return found

    # --------------------------------------------------------------------------------------------- patience

    def _patience_left_s(self) -> float | None:
        patience = patience_s(self._persona, self._chance)
        self._stream = None
        self._turn, self._undrawn = self._turn + 1, 0
        return None if patience is None else patience / self._clock.speed

    def _nudge(self) -> bool:
        conversation = self._conversation
        if not conversation.awaiting:
            return True
        word = nudge(self._nudges, self._persona, self._language, conversation.last_said, self._chance)
        if word is None:
            return False
        self._nudges += 1
        self.do(Write(parts=(Text(text=word.text),)))
        return True


_THINK_MAX_S = 8.0
"""However slow a persona thinks, a drill in wall time does not wait longer than this for it."""
