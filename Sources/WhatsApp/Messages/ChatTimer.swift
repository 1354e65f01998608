internal import Foundation
internal import WhatsAppProtobufs
internal import WhatsAppWire

/// After how long the messages of a chat disappear.
struct ChatTimer: Equatable {
    /// 0 for never.
    var seconds: UInt32
    var setAt: Date?

    init(seconds: UInt32, setAt: Date?) {
        self.seconds = seconds
        self.setAt = setAt
    }

    init(encoded bytes: [UInt8]) throws(RecordFormatError) {
        var reader = RecordReader(bytes)
        guard let seconds = UInt32(exactly: try reader.number()) else { throw RecordFormatError() }
        self.seconds = seconds
        let time = try reader.number()
        setAt = time == 0 ? nil : Date(timeIntervalSince1970: TimeInterval(time))
    }

    func encoded() -> [UInt8] {
        var writer = RecordWriter()
        writer.write(UInt64(seconds))
        writer.write(UInt64(max(0, setAt?.timeIntervalSince1970 ?? 0)))
        return writer.bytes
    }
}

extension Session {
    /// The timer that new messages of a chat go under; nil where none is known.
    func timer(of chat: JID) async -> ChatTimer? {
        switch chat.server {
        case .group:
            guard let seconds = try? await metadata(of: chat).ephemeralExpiration, seconds > 0 else { return nil }
            return ChatTimer(seconds: seconds, setAt: nil)
        case .broadcast, .newsletter: return nil
        default:
            let names = await names(of: chat).map(\.description)
            guard (try? await load(names.map { RecordKey(.chatTimer, $0) })) != nil else { return nil }
            let known = names.compactMap { hot.timers[$0] }
            return known.max { $0.setAt ?? .distantPast < $1.setAt ?? .distantPast }
        }
    }

    /// Keeps the timer that a message sets; `time` is when it was written.
    func keepTimer(_ message: WAMessage, chat: JID, at time: Date) {
        guard message.hasProtocolMessage, message.protocolMessage.type == .ephemeralSetting, chat.isPerson else {
            return
        }
        let setting = message.protocolMessage
        let told = setting.ephemeralSettingTimestamp
        let isTime = (1...Int64(UInt32.max)).contains(told)
        let setAt = isTime ? Date(timeIntervalSince1970: TimeInterval(told)) : time
        keep(ChatTimer(seconds: setting.ephemeralExpiration, setAt: setAt), of: chat)
    }

    func keep(_ timer: ChatTimer, of chat: JID) {
        let name = chat.withoutDevice.description
        hot.timers.set(name, timer, commit: outbox.number)
        var change = ChatChange(jid: name)
        change.ephemeralExpiration = Int(timer.seconds)
        outbox.staged.chats.append(change)
    }
}
