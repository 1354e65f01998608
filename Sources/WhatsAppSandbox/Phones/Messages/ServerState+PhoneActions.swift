import Foundation
import SignalProtocol
import SwiftProtobuf
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

extension ServerState {
    /// Somebody does something at a phone; the identifier of the message that it sends.
    ///
    /// Without a chat the message goes where the one that it is about is.
    mutating func act(_ action: PhoneAction, at number: String, in chat: JID?) throws(SandboxError) -> String {
        guard let phone = phones[number] else { throw .unknownPhone }
        var place = chat
        if place == nil, let target = action.target { place = try entry(target, of: phone).chat }
        guard let place else { throw .invalid(field: "to", reason: "Say whom the message is for.") }
        var message = try content(of: action, phone: phone, chat: place)
        let isChange =
            switch action {
            case .reaction, .edit, .revoke, .vote, .pin, .disappearing, .message: true
            default: false
            }
        if !isChange {
            message.messageContextInfo.messageSecret = Data(randomBytes(32, using: &random))
            if let seconds = phone.timers[chatName(place).description], seconds > 0 {
                message.expire(after: seconds)
            }
        }
        if case .disappearing(let seconds) = action {
            let name = chatName(place).description
            phones[number]?.timers[name] = seconds
        }
        return try post(message, from: number, to: place)
    }

    private func entry(_ id: String, of phone: Phone) throws(SandboxError) -> PhoneLog.Entry {
        guard let entry = phone.log.entry(id) else { throw .unknownMessage }
        return entry
    }

    private mutating func content(
        of action: PhoneAction,
        phone: Phone,
        chat: JID
    ) throws(SandboxError) -> WAMessage {
        var message = WAMessage()
        switch action {
        case .text(let text, let quoted, let mentions):
            if quoted == nil, mentions.isEmpty {
                message.conversation = text
            } else {
                message.extendedTextMessage.text = text
                message.extendedTextMessage.contextInfo.mentionedJid = mentions
                if let quoted {
                    message.extendedTextMessage.contextInfo.quote(try entry(quoted, of: phone)) {
                        wireName($0, for: phone)
                    }
                }
            }
        case .media(let media): message = try content(of: media)
        case .reaction(let target, let emoji):
            message.reactionMessage.key = messageKey(of: try entry(target, of: phone), for: phone)
            message.reactionMessage.text = emoji
            message.reactionMessage.senderTimestampMs = Int64(clamping: unixTime) * 1_000
        case .edit(let target, let text):
            message.protocolMessage.type = .messageEdit
            message.protocolMessage.key = messageKey(of: try entry(target, of: phone), for: phone)
            message.protocolMessage.editedMessage.conversation = text
            message.protocolMessage.timestampMs = Int64(clamping: unixTime) * 1_000
        case .revoke(let target):
            message.protocolMessage.type = .revoke
            message.protocolMessage.key = messageKey(of: try entry(target, of: phone), for: phone)
        case .poll(let name, let options, let selectable):
            message = Self.poll(name: name, options: options, selectable: selectable)
        case .vote(let poll, let options):
            message = try vote(for: options, on: try entry(poll, of: phone), phone: phone)
        case .location(let latitude, let longitude, let name):
            message.locationMessage.degreesLatitude = latitude
            message.locationMessage.degreesLongitude = longitude
            if let name { message.locationMessage.name = name }
        case .contact(let name, let vCard):
            message.contactMessage.displayName = name
            message.contactMessage.vcard = vCard
        case .pin(let target, let isPinned):
            message.pinInChatMessage.key = messageKey(of: try entry(target, of: phone), for: phone)
            message.pinInChatMessage.type = isPinned ? .pinForAll : .unpinForAll
            message.pinInChatMessage.senderTimestampMs = Int64(clamping: unixTime) * 1_000
            message.messageContextInfo.messageAddOnDurationInSecs = 604_800
        case .disappearing(let seconds):
            message.protocolMessage.type = .ephemeralSetting
            message.protocolMessage.ephemeralExpiration = seconds
            message.protocolMessage.ephemeralSettingTimestamp = Int64(clamping: unixTime)
        case .message(let content): message = content
        }
        return message
    }

    private static func poll(name: String, options: [String], selectable: Int) -> WAMessage {
        var poll = WAPollCreationMessage()
        poll.name = name
        poll.selectableOptionsCount = UInt32(clamping: selectable)
        poll.options = options.map { name in
            var option = WAPollCreationMessage.Option()
            option.optionName = name
            return option
        }
        var message = WAMessage()
        if selectable == 1 {
            message.pollCreationMessageV3 = poll
        } else {
            message.pollCreationMessage = poll
        }
        return message
    }

    private mutating func vote(
        for options: [String],
        on poll: PhoneLog.Entry,
        phone: Phone
    ) throws(SandboxError) -> WAMessage {
        let secret = poll.content.messageContextInfo.messageSecret
        guard secret.count == 32 else { throw .unknownMessage }
        var choice = WAPollVoteMessage()
        choice.selectedOptions = options.map { Data(PollOption.hash($0)) }
        let key = AddOnKey(
            secret: secret,
            target: poll.id,
            author: wireName(JID(user: poll.author.number, server: .user), for: phone),
            modifier: wireName(phone.jid, for: phone),
            use: .pollVote
        )
        // Encoding byte strings cannot fail.
        let sealed = key.seal((try? choice.serializedBytes()) ?? [], using: &random)
        var message = WAMessage()
        message.pollUpdateMessage.pollCreationMessageKey = messageKey(of: poll, for: phone)
        message.pollUpdateMessage.vote.encPayload = Data(sealed.payload)
        message.pollUpdateMessage.vote.encIv = Data(sealed.nonce)
        message.pollUpdateMessage.senderTimestampMs = Int64(clamping: unixTime) * 1_000
        return message
    }

    /// The names of the options that a vote in a phone's log is for; nil when it cannot be opened.
    func choices(of vote: PhoneLog.Entry, phone: Phone) -> [String]? {
        let update = vote.content.unwrapped.pollUpdateMessage
        guard let poll = phone.log.entry(update.pollCreationMessageKey.id) else { return nil }
        let (author, voter) = (
            JID(user: poll.author.number, server: .user), JID(user: vote.author.number, server: .user)
        )
        let lids = [author, voter].map { jid(of: phoneAddress($0.user), by: .lid) }
        let opened = try? AddOnKey.open(
            SealedAddOn(payload: Array(update.vote.encPayload), nonce: Array(update.vote.encIv)),
            secret: poll.content.messageContextInfo.messageSecret,
            target: poll.id,
            pairs: [(lids[0], lids[1]), (author, voter)],
            use: .pollVote
        )
        guard let opened, let choice = try? WAPollVoteMessage(serializedBytes: opened) else { return nil }
        return poll.content.unwrapped.pollOptions.filter {
            choice.selectedOptions.contains(Data(PollOption.hash($0)))
        }
    }

    // MARK: Media

    /// Encrypts a file, puts it where companions download it, and describes it.
    private mutating func content(of media: PhoneMedia) throws(SandboxError) -> WAMessage {
        let mediaKey = randomBytes(MediaKeys.mediaKeyLength, using: &random)
        let file: (file: [UInt8], digest: MediaDigest)
        do {
            let keys = try MediaKeys(mediaKey: mediaKey, kind: media.kind)
            file = try MediaEncryptor.encrypt(media.bytes, keys: keys, withSidecar: media.kind.isStreamed)
        } catch {
            throw .invalid(field: "media", reason: "The file could not be encrypted.")
        }
        let path = storeBlob(file.file)
        let stored = StoredMedia(
            url: "https://\(settings.mediaHost)\(path)",
            path: path,
            key: mediaKey,
            digest: file.digest,
            time: Int64(clamping: unixTime)
        )
        guard let message = WAMessage(media, stored: stored) else {
            throw .invalid(field: "media", reason: "Phones do not send files of this kind.")
        }
        return message
    }

    // MARK: Without a message

    /// Somebody reads messages at a phone: their authors learn of it, and so do the account's companions.
    mutating func read(_ ids: [String], at number: String, type: String = "read") throws(SandboxError) {
        guard let phone = phones[number] else { throw .unknownPhone }
        for id in ids {
            let entry = try entry(id, of: phone)
            guard !entry.isOwn else { continue }
            let isGroup = entry.chat.server == .group
            let form = isGroup ? (group(entry.chat)?.form ?? .lid) : phone.form(for: entry.author.number)
            let author = jid(of: entry.author, by: form)
            let receipt = BinaryNode(
                "receipt",
                [
                    "id": .text(id), "to": .jid(isGroup ? entry.chat : author), "type": .text(type),
                    "participant": isGroup ? .jid(author) : nil,
                ]
            )
            forward(receipt: receipt, type: type, from: phone.address)
        }
    }

    /// Somebody types at a phone, or stops.
    mutating func type(_ isTyping: Bool, at number: String, to chat: JID) throws(SandboxError) {
        guard let phone = phones[number] else { throw .unknownPhone }
        let node = BinaryNode(
            "chatstate",
            ["to": .jid(wireName(chatName(chat), for: phone))],
            children: [BinaryNode(isTyping ? "composing" : "paused")]
        )
        chatState(node, from: phone.address)
    }
}

extension PhoneAction {
    /// The message that it is about.
    fileprivate var target: String? {
        switch self {
        case .reaction(let id, _), .edit(let id, _), .revoke(let id), .vote(let id, _), .pin(let id, _): id
        case .text(_, let quoted, _): quoted
        default: nil
        }
    }
}

extension WAContextInfo {
    fileprivate mutating func quote(_ entry: PhoneLog.Entry, _ name: (JID) -> JID) {
        stanzaID = entry.id
        participant = name(JID(user: entry.author.number, server: .user)).description
        var quoted = entry.content.unwrapped
        quoted.clearMessageContextInfo()
        quotedMessage = quoted
    }
}
