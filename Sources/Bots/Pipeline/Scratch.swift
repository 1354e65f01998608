package import Foundation
import Synchronization

/// A folder for the files of one command, made when it is first asked for and gone after it.
package final class Scratch: Sendable {
    private struct State {
        var folder: URL?
        var places: [FileRoom.Place] = []
        var isOver = false
    }

    private let parent: URL
    private let room: FileRoom
    private let state = Mutex(State())

    init(in parent: URL, room: FileRoom) {
        self.parent = parent
        self.room = room
    }

    /// Waits until there is room for a file of so many bytes, which is the command's until it is over.
    func reserve(_ bytes: UInt64) async throws {
        let place = try await room.enter(bytes)
        try state.withLock { state in
            // What is let go of gives its room back.
            guard !state.isOver else { throw CancellationError() }
            state.places.append(place)
        }
    }

    /// The folder; throws for a command that is over.
    package func folder() throws -> URL {
        try state.withLock { state in
            if let folder = state.folder { return folder }
            guard !state.isOver else { throw CancellationError() }
            let folder = parent.appendingPathComponent("command-\(UUID().uuidString)", isDirectory: true)
            try FileManager.default.createDirectory(
                at: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            state.folder = folder
            return folder
        }
    }

    /// A name in the folder that nothing has yet.
    package func file(_ suffix: String) throws -> URL {
        try folder().appendingPathComponent("\(UUID().uuidString).\(suffix)")
    }

    func remove() {
        let (folder, places) = state.withLock { state in
            state.isOver = true
            defer {
                state.folder = nil
                state.places = []
            }
            return (state.folder, state.places)
        }
        if let folder { try? FileManager.default.removeItem(at: folder) }
        for place in places { place.leave() }
    }
}
