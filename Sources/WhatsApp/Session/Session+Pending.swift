internal import WhatsAppWire

// Each goes as soon as its feature's folder has the real one.
extension Session {
    func handleMediaRetry(_ node: BinaryNode) {}
}
