/// Lets whoever does something under the same name wait for one another.
actor Turns<Name: Hashable & Sendable> {
    private var lines: [Name: [CheckedContinuation<Void, Never>]] = [:]

    /// Runs `body` when nobody else does under that name.
    nonisolated func run<Result: Sendable>(
        under name: Name,
        _ body: @Sendable () async throws -> Result
    ) async rethrows -> Result {
        await take(name)
        do {
            let result = try await body()
            await giveBack(name)
            return result
        } catch {
            await giveBack(name)
            throw error
        }
    }

    private func take(_ name: Name) async {
        guard lines[name] != nil else {
            lines[name] = []
            return
        }
        await withCheckedContinuation { lines[name]?.append($0) }
    }

    private func giveBack(_ name: Name) {
        guard var line = lines[name], !line.isEmpty else {
            lines[name] = nil
            return
        }
        let next = line.removeFirst()
        lines[name] = line
        next.resume()
    }
}
