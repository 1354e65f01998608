package import WhatsAppWire

/// The hosts for media and what gives leave to upload to them: the service's answer to `media_conn`.
package struct MediaConnection: Sendable, Equatable {
    package struct Host: Sendable, Equatable {
        /// Perhaps with a port.
        package var name: String
        package var isFallback: Bool
        /// The types that it takes; everything when nil.
        package var uploadTypes: Set<String>?
        package var downloadTypes: Set<String>?
        package var maximumLength: UInt64?
    }

    package var authorization: String
    /// How long it may be used.
    package var lifetime: Duration
    package var hosts: [Host]

    private static let hostLimit = 32
    private static let longestLifetime = 7 * 86_400

    /// Wire form: `<iq type="set" xmlns="w:m"><media_conn/></iq>`.
    package static let requestChild = BinaryNode("media_conn")

    /// Reads `<media_conn auth ttl><host hostname type …/>…</media_conn>`; nil without an authorization or a host.
    package init?(_ answer: BinaryNode) {
        guard
            let node = answer.child("media_conn"),
            let authorization = node.attributes.text("auth"), !authorization.isEmpty
        else { return nil }
        let hosts = node.children("host").prefix(Self.hostLimit).compactMap(Self.host)
        guard !hosts.isEmpty else { return nil }
        let seconds: Int = node.attributes.integer("ttl") ?? 300
        self.authorization = authorization
        self.lifetime = .seconds(min(max(seconds, 0), Self.longestLifetime))
        self.hosts = hosts
    }

    private static func host(_ node: BinaryNode) -> Host? {
        guard let name = node.attributes.text("hostname"), MediaAddress.isHost(name) else { return nil }
        return Host(
            name: name,
            isFallback: node.attributes.text("type") == "fallback",
            uploadTypes: types(node.child("upload")),
            downloadTypes: types(node.child("download")),
            maximumLength: node.attributes.integer("maxContentLengthBytes")
        )
    }

    /// Types are named by the tags of the children.
    private static func types(_ node: BinaryNode?) -> Set<String>? {
        guard let node, !node.children.isEmpty else { return nil }
        return Set(node.children.prefix(64).map(\.tag))
    }

    /// The hosts that take a type, those first that are no fallback.
    package func uploadHosts(for type: String) -> [Host] {
        ordered { $0.uploadTypes?.contains(type) ?? true }
    }

    package func downloadHosts(for type: String) -> [Host] {
        ordered { $0.downloadTypes?.contains(type) ?? true }
    }

    /// Where no host says that it takes the type, all are asked.
    private func ordered(_ takes: (Host) -> Bool) -> [Host] {
        let fit = hosts.filter(takes)
        let chosen = fit.isEmpty ? hosts : fit
        return chosen.filter { !$0.isFallback } + chosen.filter(\.isFallback)
    }
}
