package import Foundation
package import WhatsAppWire

/// What a session ID holds, without its secrets.
package struct SessionIDReport: Sendable, Equatable {
    package let shape: SessionIDShape
    /// The account's phone-number JID with its device number.
    package let jid: JID
    package let lid: JID?
    package let pushName: String?
    /// Platform of the phone that it was linked with: `android`, `iphone`, `smba`...
    package let platform: String?
    /// When the phone accepted the link, where that is known.
    package let linkedAt: Date?
    package let findings: [SessionIDFinding]
    /// How a login ended; nil when none was asked for.
    package var login: LoginVerdict?

    /// The phone number alone.
    package var phone: String { jid.user }
    package var device: UInt16 { jid.device }

    /// Time since the link, where that is known.
    package func age(at now: Date) -> Duration? {
        guard let linkedAt else { return nil }
        return .seconds(max(0, now.timeIntervalSince(linkedAt).rounded(.down)))
    }
}

/// How a login with imported credentials ended.
package enum LoginVerdict: Sendable, Hashable {
    case working
    /// The service does not know the device any more: unlinked, logged out or banned. The reason is the service's code.
    case refused(reason: Int)
    /// Another host uses the same credentials at this moment.
    case inUse
    /// The service could not be reached or did not answer in time; nothing is known.
    case unreachable

    package var code: String {
        switch self {
        case .working: "working"
        case .refused: "refused"
        case .inUse: "in_use"
        case .unreachable: "unreachable"
        }
    }

    package var text: String {
        switch self {
        case .working: "The service accepts it."
        case .refused(let reason):
            """
            The service refuses it (reason \(reason)): the device was unlinked, logged out or banned. Link the phone again \
            to get a new session ID.
            """
        case .inUse:
            "Another program is logged in with it at this moment. Stop one of the two, or they will disturb each other."
        case .unreachable: "The service could not be reached, so nothing is known about the login. Try again later."
        }
    }
}
