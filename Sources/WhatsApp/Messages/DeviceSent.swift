package import WhatsAppProtobufs
package import WhatsAppWire

/// The copy of a sent message for the account's other devices.
package enum DeviceSent {
    /// The copy; `phash` is for groups alone.
    package static func wrap(_ message: WAMessage, chat: JID, phash: String? = nil) -> WAMessage {
        var sent = WADeviceSentMessage()
        sent.destinationJid = chat.description
        sent.message = message
        if let phash { sent.phash = phash }
        var copy = WAMessage()
        copy.deviceSentMessage = sent
        if message.hasMessageContextInfo { copy.messageContextInfo = message.messageContextInfo }
        return copy
    }

    /// The message inside a copy, with the chat that it was sent to; nil when it is no copy or names no chat.
    ///
    /// The copy's own message context fills in for one that the message lacks. Only the own account may send copies:
    /// whoever calls has made sure of that.
    package static func unwrap(_ copy: WAMessage) -> (message: WAMessage, chat: JID)? {
        guard copy.hasDeviceSentMessage, copy.deviceSentMessage.hasMessage,
            let chat = JID(copy.deviceSentMessage.destinationJid)
        else { return nil }
        var message = copy.deviceSentMessage.message
        if !message.hasMessageContextInfo, copy.hasMessageContextInfo {
            message.messageContextInfo = copy.messageContextInfo
        }
        return (message, chat.withoutDevice)
    }
}
