//! Handles: positions in the model's tables. They are small, ordered and never dangling
//! within the model that gave them out.

macro_rules! handle {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// Position in its table.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

handle!(
    /// An element.
    ElementId
);
handle!(
    /// A group.
    GroupId
);
handle!(
    /// A region.
    RegionId
);
handle!(
    /// Machines that run containers.
    NodesId
);
handle!(
    /// A datum.
    DataId
);
handle!(
    /// A role.
    RoleId
);
handle!(
    /// A flow.
    FlowId
);
handle!(
    /// An input (`let`).
    InputId
);
handle!(
    /// A step, within its flow.
    StepId
);
handle!(
    /// A block of steps, within its flow.
    BlockId
);
handle!(
    /// A scenario.
    ScenarioId
);
