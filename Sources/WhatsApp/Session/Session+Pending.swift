internal import WhatsAppProtobufs
internal import WhatsAppWire

// Each goes as soon as its feature's folder has the real one.
extension Session {
    func handleAppStateKeys(_ share: WAAppStateSyncKeyShare) async {}
    func handleHistory(_ notification: WAHistorySyncNotification, messageID: String) async {}
    func handleServerSync(_ node: BinaryNode) async {}
    func syncAppState() async {}
    func bootstrapAppState() async {}
    func handleGroupNotification(_ node: BinaryNode) async {}
    func metadata(of group: JID) async throws(RequestError) -> GroupMetadata { throw .notConnected }
    func dropGroup(_ group: JID) async {}
    func handleDirtyGroups() async {}
    func handleMediaRetry(_ node: BinaryNode) {}
    func handleNewsletterNotification(_ node: BinaryNode) {}
    func handleMexNotification(_ node: BinaryNode) {}
    func handleProfileNotification(_ node: BinaryNode) async {}
    func handleCall(_ node: BinaryNode) async {}
    func refreshReachOutLock() async {}
    func refreshNewChatCap() async {}
}
