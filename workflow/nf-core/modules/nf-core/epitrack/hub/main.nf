process EPITRACK_HUB {
    tag "${meta.id}"
    label 'process_single'

    conda "${moduleDir}/environment.yml"
    container "${ workflow.containerEngine in ['singularity', 'apptainer'] && !task.ext.singularity_pull_docker_container ?
        'https://depot.galaxyproject.org/singularity/epitrack:0.2.0--0' :
        'quay.io/biocontainers/epitrack:0.2.0--0' }"

    input:
    tuple val(meta), path(tracks, stageAs: 'tracks/*')

    output:
    tuple val(meta), path("${prefix}"), emit: hub
    tuple val("${task.process}"), val('epitrack'), eval("epitrack --version | sed 's/epitrack //'"), topic: versions, emit: versions_epitrack

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    prefix = task.ext.prefix ?: "${meta.id}_hub"
    """
    epitrack \\
        hub \\
        tracks/* \\
        ${args} \\
        --out ${prefix}

    epitrack hub check ${prefix}
    """

    stub:
    prefix = task.ext.prefix ?: "${meta.id}_hub"
    """
    mkdir ${prefix}
    touch ${prefix}/hub.txt
    """
}
