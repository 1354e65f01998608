/// Who or what a stanza is from or to: a user on a server, perhaps one device of that user.
///
/// Text form: `user[.agent][:device]@server`, device 0 left out; the server alone where there is no user.
package struct JID: Hashable, Sendable {
    package var user: String
    package var server: Server
    /// 0 is the phone itself, or no device in particular.
    package var device: UInt16
    /// The other service's number; `interop` alone.
    package var integrator: UInt16
    /// An AD domain byte that no server is known for; kept so that nothing is lost.
    package var agent: UInt8

    package init(user: String, server: Server, device: UInt16 = 0, integrator: UInt16 = 0, agent: UInt8 = 0) {
        self.user = user
        self.server = server
        self.device = device
        self.integrator = integrator
        self.agent = agent
    }

    /// The service itself.
    package static let server = JID(user: "", server: .user)

    /// The same user with no device named, old server names made new.
    package var withoutDevice: JID {
        JID(user: user, server: server == .legacyUser ? .user : server, integrator: integrator)
    }

    /// For logs: a phone number's last two digits, and what is no personal data.
    package var redacted: String {
        guard user.utf8.count > 2 else { return description }
        let devicePart = device == 0 ? "" : ":\(device)"
        return "…\(user.suffix(2))\(devicePart)@\(server.name)"
    }

    /// The kinds of JID by their server.
    package enum Server: Hashable, Sendable {
        case user, lid, hosted, hostedLID, group, broadcast, newsletter, bot, call, legacyUser, messenger, interop
        case other(String)

        package init(name: String) {
            switch name {
            case "s.whatsapp.net": self = .user
            case "lid": self = .lid
            case "hosted": self = .hosted
            case "hosted.lid": self = .hostedLID
            case "g.us": self = .group
            case "broadcast": self = .broadcast
            case "newsletter": self = .newsletter
            case "bot": self = .bot
            case "call": self = .call
            case "c.us": self = .legacyUser
            case "msgr": self = .messenger
            case "interop": self = .interop
            default: self = .other(name)
            }
        }

        package var name: String {
            switch self {
            case .user: "s.whatsapp.net"
            case .lid: "lid"
            case .hosted: "hosted"
            case .hostedLID: "hosted.lid"
            case .group: "g.us"
            case .broadcast: "broadcast"
            case .newsletter: "newsletter"
            case .bot: "bot"
            case .call: "call"
            case .legacyUser: "c.us"
            case .messenger: "msgr"
            case .interop: "interop"
            case .other(let name): name
            }
        }

        /// The domain byte of AD_JID, for the servers that have devices.
        var domain: UInt8? {
            switch self {
            case .user: 0
            case .lid: 1
            case .hosted: 128
            case .hostedLID: 129
            default: nil
            }
        }

        /// The server whose name is the word of that code, for the usual ones.
        @inline(__always)
        init?(token: UInt8) {
            switch token {
            case 0x03: self = .user
            case 0x76: self = .lid
            case 0x1c: self = .group
            case 0x0d: self = .broadcast
            case 0x64: self = .call
            case 0xcc: self = .messenger
            default: return nil
            }
        }

        /// The code of the word that is the name, for the usual servers.
        var token: UInt8? {
            switch self {
            case .user: 0x03
            case .lid: 0x76
            case .group: 0x1c
            case .broadcast: 0x0d
            case .call: 0x64
            case .messenger: 0xcc
            default: nil
            }
        }
    }
}

extension JID: CustomStringConvertible {
    package var description: String {
        guard !user.isEmpty else { return server.name }
        let agentPart = agent == 0 ? "" : ".\(agent)"
        let devicePart = device == 0 ? "" : ":\(device)"
        if server == .interop { return "\(integrator)-\(user)\(devicePart)@interop" }
        return "\(user)\(agentPart)\(devicePart)@\(server.name)"
    }

    /// Reads the text form.
    ///
    /// Nil when a number in it is out of range or there is no server.
    package init?(_ text: String) {
        guard text.utf8.count <= 256 else { return nil }
        let halves = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2 else {
            guard !text.isEmpty, text.contains(".") || text == "lid" else { return nil }
            self.init(user: "", server: Server(name: text))
            return
        }
        guard !halves[1].isEmpty, !halves[1].contains("@") else { return nil }
        let server = Server(name: String(halves[1]))
        var user = halves[0]
        var device: UInt16 = 0
        var integrator: UInt16 = 0
        var agent: UInt8 = 0
        if let colon = user.lastIndex(of: ":") {
            guard let number = UInt16(user[user.index(after: colon)...]) else { return nil }
            device = number
            user = user[..<colon]
        }
        if server == .interop, let dash = user.firstIndex(of: "-") {
            guard let number = UInt16(user[..<dash]) else { return nil }
            integrator = number
            user = user[user.index(after: dash)...]
        } else if server.domain != nil, let mark = user.lastIndex(where: { $0 == "." || $0 == "_" }) {
            guard let number = UInt8(user[user.index(after: mark)...]) else { return nil }
            agent = number
            user = user[..<mark]
        }
        self.init(user: String(user), server: server, device: device, integrator: integrator, agent: agent)
    }
}
