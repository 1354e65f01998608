internal import WhatsAppWire

// Each goes as soon as its feature's folder has the real one.
extension Session {
    func handleGroupNotification(_ node: BinaryNode) async {}
    func metadata(of group: JID) async throws(RequestError) -> GroupMetadata { throw .notConnected }
    func dropGroup(_ group: JID) async {}
    func handleDirtyGroups() async {}
    func handleMediaRetry(_ node: BinaryNode) {}
}
