package import WhatsAppWire

/// A change in a channel.
package struct NewsletterEvent: Sendable, Equatable {
    package var newsletter: JID
}
