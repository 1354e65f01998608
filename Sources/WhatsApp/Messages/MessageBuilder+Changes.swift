internal import Foundation
internal import SwiftProtobuf
internal import WhatsAppCrypto
internal import WhatsAppProtobufs
internal import WhatsAppWire

/// Contents that change something about the chat or about another message.
extension MessageBuilder {
    func change(_ content: OutgoingContent) throws(RequestError) -> WAMessage {
        switch content {
        case .reaction(let target, let emoji): return try reaction(emoji, to: target)
        case .edit(let edit): return try message(edit)
        case .revoke(let target): return try revoke(target)
        case .pin(let target, let duration): return try pin(target, duration)
        case .unpin(let target): return try pin(target, nil)
        case .keep(let target, let isKept): return try keep(target, isKept)
        case .disappearingTimer(let timer): return try message(timer)
        case .sharePhoneNumber:
            var message = WAMessage()
            message.protocolMessage.type = .sharePhoneNumber
            return message
        case .memberLabel(let label): return try memberLabel(label)
        default: throw .invalid(field: "content", reason: "changes nothing")
        }
    }

    private func reaction(_ emoji: String, to target: MessageTarget) throws(RequestError) -> WAMessage {
        try check(target)
        try Self.checkEmoji(emoji)
        var message = WAMessage()
        message.reactionMessage.key = target.key
        message.reactionMessage.text = emoji
        message.reactionMessage.senderTimestampMs = now.unixMilliseconds
        return message
    }

    static func checkEmoji(_ emoji: String) throws(RequestError) {
        guard emoji.utf8.count <= 64, emoji.count <= 1 else {
            throw .invalid(field: "reaction", reason: "more than one emoji")
        }
    }

    private func message(_ edit: OutgoingEdit) throws(RequestError) -> WAMessage {
        try check(edit.target)
        guard edit.target.isFromMe else { throw .invalid(field: "target", reason: "somebody else's message") }
        if let written = edit.target.timestamp, now.timeIntervalSince(written) > Self.editWindow {
            throw .invalid(field: "target", reason: "older than \(Int(Self.editWindow / 60)) minutes")
        }
        var new = try Self.message(edit.text)
        if let original = edit.original?.unwrapped().message, var media = original.withCaption(edit.text.text) {
            media.clearMessageContextInfo()
            media.removeContext()
            new = media.hasDocumentMessage ? Self.captioned(media) : media
        }
        var message = WAMessage()
        message.protocolMessage.type = .messageEdit
        message.protocolMessage.key = edit.target.key
        message.protocolMessage.editedMessage = new
        message.protocolMessage.timestampMs = now.unixMilliseconds
        return message
    }

    private func revoke(_ target: MessageTarget) throws(RequestError) -> WAMessage {
        try check(target)
        guard target.isFromMe || target.chat.server == .group else {
            throw .invalid(field: "target", reason: .othersMessage)
        }
        var message = WAMessage()
        message.protocolMessage.type = .revoke
        message.protocolMessage.key = target.key
        return message
    }

    /// Nil takes the pin away.
    private func pin(_ target: MessageTarget, _ duration: PinDuration?) throws(RequestError) -> WAMessage {
        try check(target)
        var message = WAMessage()
        message.pinInChatMessage.key = target.key
        message.pinInChatMessage.type = duration == nil ? .unpinForAll : .pinForAll
        message.pinInChatMessage.senderTimestampMs = now.unixMilliseconds
        if let duration { message.messageContextInfo.messageAddOnDurationInSecs = duration.rawValue }
        return message
    }

    private func keep(_ target: MessageTarget, _ isKept: Bool) throws(RequestError) -> WAMessage {
        try check(target)
        var message = WAMessage()
        message.keepInChatMessage.key = target.key
        message.keepInChatMessage.keepType = isKept ? .keepForAll : .undoKeepForAll
        message.keepInChatMessage.timestampMs = now.unixMilliseconds
        return message
    }

    private func message(_ timer: DisappearingTimer) throws(RequestError) -> WAMessage {
        guard [.user, .lid].contains(chat.server) else {
            throw .invalid(field: "chat", reason: "only chats of two people take the timer in a message")
        }
        var message = WAMessage()
        message.protocolMessage.type = .ephemeralSetting
        message.protocolMessage.ephemeralExpiration = timer.rawValue
        message.protocolMessage.ephemeralSettingTimestamp = now.unixSeconds
        return message
    }

    private func memberLabel(_ label: String) throws(RequestError) -> WAMessage {
        guard chat.server == .group else { throw .invalid(field: "chat", reason: .notAGroup) }
        guard label.utf8.count <= Self.textLimit, label.unicodeScalars.count <= 30 else {
            throw .invalid(field: "label", reason: .length(0...30))
        }
        var message = WAMessage()
        message.protocolMessage.type = .groupMemberLabelChange
        message.protocolMessage.memberLabel.label = label
        message.protocolMessage.memberLabel.labelTimestamp = now.unixSeconds
        return message
    }

    // MARK: Sealed

    func message(_ vote: OutgoingVote, using random: inout some RandomNumberGenerator) throws(RequestError) -> WAMessage
    {
        guard vote.options.count <= OutgoingPoll.optionCount.upperBound else {
            throw .invalid(field: "options", reason: "more than a poll has")
        }
        var content = WAPollVoteMessage()
        content.selectedOptions = vote.options.map { Data(PollOption.hash($0)) }
        let sealed = try seal(
            try Self.encoded { try content.serializedBytes() },
            for: vote.poll,
            .pollVote,
            using: &random
        )
        var message = WAMessage()
        message.pollUpdateMessage.pollCreationMessageKey = vote.poll.message.key
        message.pollUpdateMessage.vote.encPayload = Data(sealed.payload)
        message.pollUpdateMessage.vote.encIv = Data(sealed.nonce)
        message.pollUpdateMessage.senderTimestampMs = now.unixMilliseconds
        return message
    }

    func message(
        _ response: OutgoingEventResponse,
        using random: inout some RandomNumberGenerator
    ) throws(RequestError) -> WAMessage {
        guard let guests = Int32(exactly: response.guests), (0...100).contains(guests) else {
            throw .invalid(field: "guests", reason: .count(0...100))
        }
        var content = WAEventResponseMessage()
        content.response =
            switch response.answer {
            case .going: .going
            case .notGoing: .notGoing
            case .maybe: .maybe
            }
        content.timestampMs = now.unixMilliseconds
        content.extraGuestCount = guests
        let plaintext = try Self.encoded { try content.serializedBytes() }
        let sealed = try seal(plaintext, for: response.event, .eventResponse, using: &random)
        var message = WAMessage()
        message.encEventResponseMessage.eventCreationMessageKey = response.event.message.key
        message.encEventResponseMessage.encPayload = Data(sealed.payload)
        message.encEventResponseMessage.encIv = Data(sealed.nonce)
        return message
    }

    func message(
        _ emoji: String,
        sealedFor target: AddOnTarget,
        using random: inout some RandomNumberGenerator
    ) throws(RequestError) -> WAMessage {
        try Self.checkEmoji(emoji)
        var content = WAReactionMessage()
        content.text = emoji
        content.senderTimestampMs = now.unixMilliseconds
        let plaintext = try Self.encoded { try content.serializedBytes() }
        let sealed = try seal(plaintext, for: target, .reaction, using: &random)
        var message = WAMessage()
        message.encReactionMessage.targetMessageKey = target.message.key
        message.encReactionMessage.encPayload = Data(sealed.payload)
        message.encReactionMessage.encIv = Data(sealed.nonce)
        return message
    }

    private func seal(
        _ plaintext: [UInt8],
        for target: AddOnTarget,
        _ use: AddOnUse,
        using random: inout some RandomNumberGenerator
    ) throws(RequestError) -> SealedAddOn {
        try check(target.message)
        guard target.secret.count == 32 else { throw .invalid(field: "target", reason: "its secret is not known") }
        let author = target.message.isFromMe ? own : (target.message.author ?? target.message.chat)
        let key = AddOnKey(secret: target.secret, target: target.message.id, author: author, modifier: own, use: use)
        return key.seal(plaintext, using: &random)
    }

    private static func encoded(_ encode: () throws -> [UInt8]) throws(RequestError) -> [UInt8] {
        do {
            return try encode()
        } catch {
            throw .invalid(field: "content", reason: "cannot be encoded")
        }
    }

    // MARK: Checks

    /// A target must name itself, and its author where others may have written it.
    func check(_ target: MessageTarget) throws(RequestError) {
        try Self.check(id: target.id)
        guard target.chat.withoutDevice == chat || chat.isStatusBroadcast || target.chat.isStatusBroadcast else {
            throw .invalid(field: "target", reason: "in another chat")
        }
        guard target.isFromMe || target.author != nil || target.chat.server != .group else {
            throw .invalid(field: "target.author", reason: "missing")
        }
    }

    static func check(id: String) throws(RequestError) {
        guard !id.isEmpty, id.utf8.count <= 128 else { throw .invalid(field: "target.id", reason: "no message id") }
    }
}

extension WAMessage {
    /// The same medium with another caption; nil for what has none.
    fileprivate func withCaption(_ caption: String) -> WAMessage? {
        var message = self
        switch contentField {
        case .image: message.imageMessage.caption = caption
        case .video: message.videoMessage.caption = caption
        case .document: message.documentMessage.caption = caption
        default: return nil
        }
        return message
    }
}
