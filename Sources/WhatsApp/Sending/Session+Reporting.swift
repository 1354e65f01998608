internal import Foundation
internal import WhatsAppCrypto
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension WAMessage {
    /// Whether a reporting token goes with it: it has a secret, and is no small change to another message.
    fileprivate var isReportable: Bool {
        guard messageContextInfo.messageSecret.count == 32 else { return false }
        return !hasReactionMessage && !hasEncReactionMessage && !hasEncEventResponseMessage && !hasPollUpdateMessage
            && !hasKeepInChatMessage
    }

    /// Says in the message that a token stands beside it.
    mutating func announceReportingToken() {
        if isReportable { messageContextInfo.reportingTokenVersion = ReportingToken.version }
    }
}

extension Session {
    /// `<reporting><reporting_token v="2">16 bytes</reporting_token></reporting>`; nil where none goes with the message.
    func reportingNode(
        _ message: WAMessage,
        _ encoded: [UInt8],
        id: String,
        sender: JID,
        chat: JID
    ) -> BinaryNode? {
        guard message.messageContextInfo.hasReportingTokenVersion,
            let token = ReportingToken.make(
                message: encoded,
                secret: Array(message.messageContextInfo.messageSecret),
                id: id,
                sender: sender,
                remote: chat
            )
        else { return nil }
        let node = BinaryNode("reporting_token", ["v": .text(String(ReportingToken.version))], bytes: token)
        return BinaryNode("reporting", children: [node])
    }
}
