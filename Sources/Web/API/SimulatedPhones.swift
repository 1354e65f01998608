/// Why a simulated phone did not do what its button asked.
package enum SimulatedPhoneError: Error, Equatable {
    /// The phone refuses: the QR or code is not valid (any more), or the sandbox was told to refuse.
    case refused(String)
}

/// The sandbox's phones, as far as the page's sandbox buttons move them.
///
/// The executable joins this to the sandbox in the same process; each call takes a phone that is there or makes one.
package protocol SimulatedPhones: Sendable {
    /// Sees to it that there is a phone with these digits, before a pairing code is asked for: no service gives a code to
    /// a number that has no account.
    func provide(phone: String) async throws
    /// Scans a QR's text.
    func scan(qr: String) async throws
    /// Enters a pairing code on the phone with these digits.
    func enter(code: String, phone: String) async throws
}

extension SimulatedPhones {
    /// For phones that are all there from the beginning.
    package func provide(phone: String) async throws {}
}
