package import WhatsAppWire

extension JID {
    /// Where status posts go.
    package static let status = JID(user: "status", server: .broadcast)

    package var isStatusBroadcast: Bool { server == .broadcast && user == "status" }
}
