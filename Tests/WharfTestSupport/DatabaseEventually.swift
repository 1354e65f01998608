/// Something that was waited for did not come to pass.
package struct NeverHappened: Error {}

/// Waits until a condition holds that nothing announces, looking every few milliseconds.
package func eventually(
    within limit: Duration = .seconds(60),
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard .now < deadline else { throw NeverHappened() }
        try await Task.sleep(for: .milliseconds(5))
    }
}
