//! The settings of tracks.

use crate::browser::hub::check::syntax::{ON_OFF, Syntax, TRUE_FALSE};
use Syntax::{Any, Color, Heights, Integer, Limits, Number, OneOf};

const VISIBILITY: Syntax = OneOf(&[
    "hide", "dense", "squish", "pack", "full", "show", "0", "1", "2", "3", "4",
]);

/// The settings of a stanza that begins with `track`, by what their values look like.
pub const TRACK: &[(Syntax, &str)] = &[
    // Common.
    (
        Any,
        "track type shortLabel longLabel bigDataUrl html meta group chromosomes dataVersion \
         directUrl downloadUrl iframeUrl iframeOptions mouseOver mouseOverField \
         multiRegionsBedUrl otherDb otherTwoBitUrl pennantIcon tableBrowser url urlLabel urls \
         skipFields sepFields",
    ),
    (VISIBILITY, "visibility"),
    (Color, "color altColor"),
    (Number, "priority"),
    (ON_OFF, "boxedCfg darkerLabels skipEmptyFields"),
    // Alignments.
    (
        Any,
        "refUrl bigDataIndex aliQualRange baseQualRange bamColorTag noColorTag \
         bamSkipPrintQualScore pairEndsByName",
    ),
    (OneOf(&["strand", "gray", "tag", "off"]), "bamColorMode"),
    (OneOf(&["aliQual", "baseQual", "unpaired"]), "bamGrayMode"),
    (
        ON_OFF,
        "indelDoubleInsert indelQueryInsert indelPolyA showNames doWiggle",
    ),
    (Integer, "minAliQual pairSearchRange"),
    // Bar charts.
    (
        Any,
        "barChartBars barChartColors barChartLabel barChartSizeWindows barChartFacets \
         barChartStatsUrl singleCellColumnNames barChartMetric barChartUnit barChartCategoryUrl \
         barChartSampleUrl",
    ),
    (OneOf(&["small", "medium", "large"]), "barChartMaxSize"),
    (ON_OFF, "barChartStretchToItem barChartMerge"),
    (Number, "barChartBarMinPadding barChartBarMinWidth maxLimit"),
    // Items.
    (OneOf(&["on", "off", "On", "Off"]), "itemRgb"),
    (
        Any,
        "colorByStrand detailsStaticTable detailsDynamicTable scoreFilter scoreFilterLimits \
         noScoreFilter style searchIndex searchTrix labelFields defaultLabelFields \
         labelSeparator highlightColor bedNameLabel itemImagePath itemBigImagePath nextExonText \
         prevExonText scoreLabel",
    ),
    (Number, "denseCoverage"),
    (
        ON_OFF,
        "labelOnFeature exonArrows exonArrowsDense exonNumbers spectrum thickDrawItem \
         mergeSpannedItems linkIdInName",
    ),
    (
        Integer,
        "maxItems maxWindowCoverage maxWindowToDraw minGrayLevel scoreMax scoreMin \
         showTopScorers",
    ),
    // Alignments of genomes, genes.
    (
        Any,
        "linkDataUrl baseColorUseSequence baseColorUseCds baseColorDefault \
         showDiffBasesAllScales showCdsAllScales speciesOrder speciesLabels frames summary \
         otherSpecies",
    ),
    (Number, "showDiffBasesMaxZoom showCdsMaxZoom"),
    (OneOf(&["no", "all", "different"]), "pslSequence"),
    (Integer, "showSnpWidth"),
    // Interactions, contact matrices.
    (
        OneOf(&[
            "true",
            "offsetSource",
            "offsetTarget",
            "clusterSource",
            "clusterTarget",
        ]),
        "interactDirectional",
    ),
    (
        TRUE_FALSE,
        "interactUp detailsBoxesEnabled hicArcLimitEnabled",
    ),
    (Any, "interactMultiRegion normalization resolution"),
    (OneOf(&["any", "one", "two"]), "endsVisible"),
    (OneOf(&["triangle", "square", "arc"]), "drawMode"),
    (Number, "saturationScore"),
    (Integer, "hicDistanceMin hicDistanceMax hicArcLimit"),
    // Peaks, lollipops.
    (
        Any,
        "pValueFilter qValueFilter signalFilter lollySizeField lollyField",
    ),
    (ON_OFF, "noStems yAxisNumLabels"),
    (Integer, "lollyMaxSize"),
    // Signals.
    (OneOf(&["on", "off", "group"]), "autoScale"),
    (Heights, "maxHeightPixels"),
    (Limits, "viewLimits viewLimitsMax"),
    (
        ON_OFF,
        "alwaysZero negateValues logo yLineOnOff gridDefault",
    ),
    (OneOf(&["bar", "points"]), "graphTypeDefault"),
    (Integer, "maxWindowToQuery"),
    (Any, "setColorWith smoothingWindow logoMaf mathDataUrl"),
    (OneOf(&["NONE", "LOG"]), "transformFunc"),
    (
        OneOf(&["mean", "mean+whiskers", "maximum", "minimum"]),
        "windowingFunction",
    ),
    (Number, "yLineMark"),
    // Variants.
    (TRUE_FALSE, "hapClusterEnabled applyMinQual"),
    (
        Any,
        "hapClusterMethod hapClusterColorBy geneTrack vcfChildSample vcfParentSamples",
    ),
    (OneOf(&["triangle", "rectangle"]), "hapClusterTreeAngle"),
    (Integer, "hapClusterHeight"),
    (Number, "minQual minFreq"),
    (
        ON_OFF,
        "vcfDoFilter vcfDoQual vcfDoMaf vcfUseAltSampleNames",
    ),
    // Groups of tracks.
    (OneOf(&["on", "on show"]), "superTrack"),
    (
        Any,
        "parent hideEmptySubtracksMultiBedUrl hideEmptySubtracksSourcesUrl \
         hideEmptySubtracksLabel subGroups dimensions filterComposite sortOrder view \
         metaDataUrl primaryKey dataTypes",
    ),
    (OneOf(&["on", "faceted"]), "compositeTrack"),
    (
        ON_OFF,
        "allButtonPair centerLabelsDense hideEmptySubtracks viewUi configurable \
         showSubtrackColorOnUi",
    ),
    (OneOf(&["subTracks", "on", "off"]), "dragAndDrop"),
    (Integer, "maxCheckBoxes maxCheckboxes"),
    (OneOf(&["multiWig"]), "container"),
    (
        OneOf(&["transparentOverlay", "stacked", "solidOverlay", "none"]),
        "aggregate",
    ),
];
