package import WhatsAppWire

/// A change in a group, as the service's notification tells it.
package struct GroupEvent: Sendable, Equatable {
    package var group: JID
}
