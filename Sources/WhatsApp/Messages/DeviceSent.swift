internal import SwiftProtobuf
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

    /// The same, serialized, of a message that is serialized already: most of a copy is what it is a copy of.
    ///
    /// `Message.device_sent_message` is field 31, `message_context_info` field 35; in `DeviceSentMessage` the chat is
    /// field 1 and the message field 2.
    package static func encode(_ message: WAMessage, encoded: [UInt8], chat: JID) throws -> [UInt8] {
        let chat = Array(chat.description.utf8)
        let context = message.hasMessageContextInfo ? try message.messageContextInfo.serializedBytes() as [UInt8] : nil
        var bytes: [UInt8] = []
        bytes.reserveCapacity(encoded.count + chat.count + (context?.count ?? 0) + 32)
        append(tag: [0xfa, 0x01], 2 + lengthSize(chat.count) + chat.count + lengthSize(encoded.count) + encoded.count)
        append(tag: [0x0a], chat.count)
        bytes += chat
        append(tag: [0x12], encoded.count)
        bytes += encoded
        if let context {
            append(tag: [0x9a, 0x02], context.count)
            bytes += context
        }
        return bytes

        func append(tag: [UInt8], _ length: Int) {
            bytes += tag
            var rest = length
            while rest >= 0x80 {
                bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(rest))
        }
    }

    /// Bytes that a length takes as a varint.
    private static func lengthSize(_ length: Int) -> Int {
        max(1, (Int.bitWidth - length.leadingZeroBitCount + 6) / 7)
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
