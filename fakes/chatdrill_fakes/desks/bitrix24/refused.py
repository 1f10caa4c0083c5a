"""Methods that the vendor has and this fake does not emulate, by their lower-case names."""

from __future__ import annotations

_NAMES = """
imopenlines.config.path.get imopenlines.network.join imopenlines.network.message.add imopenlines.message.quick.save
imopenlines.session.mode.pin imopenlines.session.mode.pinAll imopenlines.session.mode.silent
imopenlines.session.mode.unpinAll imopenlines.crm.chat.user.add imopenlines.crm.chat.user.delete
im.chat.add im.chat.get im.chat.leave im.chat.mute im.chat.user.add im.chat.user.list im.dialog.get
im.dialog.messages.get im.dialog.read im.dialog.writing im.disk.file.commit im.disk.folder.get im.message.add
im.message.update im.message.delete im.message.command im.notify.personal.add im.notify.system.add im.recent.list
im.user.get im.v2.Event.get im.v2.Event.subscribe im.v2.Event.unsubscribe
imbot.chat.add imbot.chat.get imbot.chat.setManager imbot.chat.setOwner imbot.chat.updateAvatar
imbot.chat.updateColor imbot.chat.updateTitle imbot.chat.user.add imbot.chat.user.delete imbot.chat.user.list
imbot.command.answer imbot.command.register imbot.command.unregister imbot.command.update imbot.message.like
imbot.v2.Chat.add imbot.v2.Chat.setOwner imbot.v2.Chat.update imbot.v2.Chat.Manager.add imbot.v2.Chat.Manager.delete
imbot.v2.Chat.User.add imbot.v2.Chat.User.delete imbot.v2.Chat.User.list imbot.v2.Chat.Message.getContext
imbot.v2.Chat.Message.Reaction.add imbot.v2.Chat.Message.Reaction.delete imbot.v2.Chat.TextField.enabled
imbot.v2.Command.answer imbot.v2.Command.list imbot.v2.Command.register imbot.v2.Command.unregister
imbot.v2.Command.update
crm.activity.add crm.activity.list crm.activity.get crm.activity.update crm.activity.delete crm.activity.todo.add
crm.status.list crm.category.list crm.type.list crm.entity.mergeBatch crm.lead.userfield.add crm.lead.productrows.get
crm.contact.company.add crm.deal.contact.add crm.requisite.add crm.quote.add
tasks.task.add tasks.task.list disk.folder.uploadfile disk.file.get placement.bind placement.list placement.unbind
user.add user.update user.search department.get timeman.open timeman.close timeman.pause
telephony.externalcall.register telephony.externalcall.finish bizproc.workflow.start app.option.get app.option.set
"""
REFUSED: dict[str, str] = {name.lower(): name for name in _NAMES.split()}
