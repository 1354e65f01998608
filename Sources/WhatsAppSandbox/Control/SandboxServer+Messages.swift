package import WhatsAppProtobufs
import WhatsAppWire

extension SandboxServer {
    /// Somebody writes at a phone; the identifier of the message.
    ///
    /// `chat` is a number, a JID of a user or of a group; without it the message goes where the one that it is about is.
    @discardableResult
    package func act(_ action: PhoneAction, at number: String, in chat: String? = nil) async throws -> String {
        var body = ControlBody.Message()
        body.to = chat
        let place = try body.chat()
        return try await onLoop { engine in try engine.perform { try $0.act(action, at: number, in: place) } }
    }

    /// People of whom nothing more is heard use up a companion's one-time keys, all but so many.
    package func usePreKeys(of number: String, device: UInt16 = 1, leaving count: Int) async throws {
        let address = DeviceAddress(number: number, device: device)
        try await onLoop { engine in engine.perform { $0.usePreKeys(of: address, leaving: count) } }
    }

    /// Somebody reads messages at a phone.
    package func read(_ ids: [String], at number: String) async throws {
        try await onLoop { engine in try engine.perform { try $0.read(ids, at: number) } }
    }

    /// Somebody starts or stops typing at a phone.
    package func type(_ isTyping: Bool, at number: String, to chat: String) async throws {
        var body = ControlBody.Message()
        body.to = chat
        guard let place = try body.chat() else { return }
        try await onLoop { engine in try engine.perform { try $0.type(isTyping, at: number, to: place) } }
    }

    /// What a phone has sent and received after a number, oldest first; only the last ones are kept.
    package func messages(of number: String, after: UInt64 = 0) async throws -> [PhoneMessageView] {
        try await onLoop { try $0.view.messages(of: number, after: after) }
    }

    /// A phone writes to one of its own companions, outside of any chat; the identifier of the message.
    @discardableResult
    package func sendPeerMessage(
        _ message: WAMessage,
        from number: String,
        toDevice device: UInt16
    ) async throws -> String {
        try await onLoop { engine in
            try engine.perform { try $0.sendPeerMessage(message, from: number, toDevice: device) }
        }
    }
}
